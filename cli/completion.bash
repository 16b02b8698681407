# completion.bash - words for bash, asked of the command itself: nothing here has to be kept in step with it.
_kwit() {
    mapfile -t COMPREPLY < <("${COMP_WORDS[0]}" --complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _kwit kwit
