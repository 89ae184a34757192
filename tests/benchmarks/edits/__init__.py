"""The fabricated-edit benchmark: true claims in faithful forms and with one fault each, to measure the gate.

`library.jsonl` and `passages.jsonl` are made of the shipped library's documents (CC BY 4.0). The corrupted forms
are wrong on purpose and no medical information. When the documents change, both files are made anew by
`python -m tests.benchmarks.fabricated_edits --remake`. The edits were written without looking at the gate's rules; they
change only where a label is wrong.
"""
