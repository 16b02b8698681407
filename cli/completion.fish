# completion.fish - words for fish, asked of the command itself; where it knows none, files.
function __kwit_words
    set -l line (commandline -opc) (commandline -ct)
    set -l found ($line[1] --complete $line[2..-1] 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c kwit -f -a '(__kwit_words)'
