/* folder.h - the machine with a folder that keeps its paper and its past; the transport `sim:` stands on it. */
#ifndef KW_SIMULATOR_DOORS_FOLDER_H
#define KW_SIMULATOR_DOORS_FOLDER_H

#include "simulator/simulator.h"
#include "transport/transport.h"

extern const struct kw_transport_ops kw_transport_sim;      /* sim:DIR[?profile=P&fault=SPEC&…] */

/*
 * What `sim:` and the served printer share. DIR/wire.bin takes each byte before it
 * counts as accepted, DIR/0001.png and 0001.txt show each piece of paper, DIR/events.jsonl tells everything. The
 * machine is a function of wire.bin and of DIR/history.log; DIR/machine.state only shortens the way. A folder that
 * another process has open is BUSY until the moment. Faults that were settled under another list of faults are mended;
 * a printer that lost its power or its cable is back when it is opened again.
 */
struct kw_sim_folder;
int kw_sim_folder_open(const char *path, const struct kw_sim_options *options, bool pictures, int64_t until_ms,
                       struct kw_sim_folder **folder, struct kw_error *error);
/* Shows what stands unfinished as the last piece, saves the state, closes. */
int kw_sim_folder_close(struct kw_sim_folder *folder, struct kw_error *error);
/* Removes what an earlier machine left in the folder. */
int kw_sim_folder_clear(const char *path, struct kw_error *error);
struct kw_sim *kw_sim_folder_machine(struct kw_sim_folder *folder);
/* kw_sim_order, kept in history.log. */
int kw_sim_folder_order(struct kw_sim_folder *folder, const char *order, struct kw_buffer *answer,
                        struct kw_error *error);
/* Writes out what the files do not say yet; the first failure of the disk since the last call. */
int kw_sim_folder_flush(struct kw_sim_folder *folder, struct kw_error *error);

#endif
