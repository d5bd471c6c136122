"""Check a story's dossier, offline, and say what that proves.

    python3 check.py                                       the dossier that this file is in
    python3 check.py DOSSIER.zip                           or the one named, a file or a folder
    python3 check.py --head SEQUENCE DIGEST                against a head of the ledger that was saved elsewhere
    python3 check.py --heads heads.json                    against all that the newsroom published
    python3 check.py --older EARLIER.zip                   against a full dossier from before something was erased
    python3 check.py --tell                                and list what is proved: who did what, when, and why
    python3 check.py --limit MEGABYTES                     a larger dossier than is read by itself

Exit status 0: all that can be checked holds. 1: something does not, and is named. Erasures count only under a head that
was given and is no older than the erasure: whoever has a dossier can write an erasure into it, and so change any words.
The words around erased ones are proved by an older dossier of the story that still matches the ledger's digests.

It needs Python 3.9 or newer and nothing else. If you do not trust the copy in the dossier, take this file from the
newsroom's published code.
"""
