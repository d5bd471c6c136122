"""Words by themselves: word lists, dictionaries, and the characters that words are written in."""
