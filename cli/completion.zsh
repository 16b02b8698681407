#compdef kwit
# completion.zsh - words for zsh, asked of the command itself; where it knows none, files.
local -a found
found=("${(@f)$(${words[1]} --complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
found=("${(@)found:#}")
if (( $#found )); then
    compadd -- "${found[@]}"
else
    _files
fi
