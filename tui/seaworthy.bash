# SPDX-License-Identifier: MIT
# Completion for bash. What there is to complete, the program says itself: its help and its errors.

_seaworthy_names() {
	seaworthy "$@" 2>&1 | sed -n 's/.*[Tt]here are: //p' | tr -d ','
}

_seaworthy() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local commands command i

	COMPREPLY=()
	commands=$(seaworthy --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p')
	for ((i = 1; i < COMP_CWORD; i++)); do
		[[ " ${commands//$'\n'/ } " == *" ${COMP_WORDS[i]} "* ]] || continue
		command=${COMP_WORDS[i]}
		break
	done
	if [[ $word == -* ]]; then
		commands=$(seaworthy $command --help | sed -n 's/^  \(-., \)\{0,1\}\(--[a-z-]*\).*/\2/p')
	elif [[ $command == list && $before == list ]]; then
		commands=$(_seaworthy_names list '?')
	elif [[ $command == report && $before == report ]]; then
		commands=$(_seaworthy_names report)
	elif [[ $command == show && $before == show ]]; then
		commands='image finding control alert item'
	elif [[ -n $command || $before == --* ]]; then
		return 0 # names of files, by -o default
	fi
	mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
}
complete -o default -F _seaworthy seaworthy
