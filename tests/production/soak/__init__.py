"""Two hundred chats for ten minutes while everything is broken in turn: `make soak`.

plan.py       what goes wrong and when, from a seed
trouble.py    does it, and remembers when each was under way
seats.py      people who talk, send files, end and begin again
watch.py      memory, connections, and whether this side itself keeps up
judge.py      what became of each message, and what the programs and the answers say
report.py     one screen of text, and JSON
run.py        the order of it all
"""
