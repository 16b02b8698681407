/*
 * tool.h - preview, simulator, devices, queue, survey, report, keys, doctor: what the command offers beside
 * printing. Not yet stable: it may change between minor versions. The rules of kwit.h hold.
 *
 * Every call hands out a result with the machine's text (JSON), the people's text and an exit status.
 */
#ifndef KWIT_TOOL_H
#define KWIT_TOOL_H

#include <kwit/kwit.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- preview ---------------------------------------------------------------------------------------------- */

/* ---- config ----------------------------------------------------------------------------------------------- */

/* ---- simulate --------------------------------------------------------------------------------------------- */

/* ---- devices, status, doctor, drawer ---------------------------------------------------------------------- */

/* ---- queue, reprint, resolve ------------------------------------------------------------------------------ */

/* ---- logo ------------------------------------------------------------------------------------------------- */

/* ---- survey ----------------------------------------------------------------------------------------------- */

/* ---- journal, report -------------------------------------------------------------------------------------- */

#ifdef __cplusplus
}
#endif
#endif
