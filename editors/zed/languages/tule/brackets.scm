; Pairs that are shown and closed together.

("(" @open ")" @close)

("[" @open "]" @close)

("case" @open "end" @close)
