"""The fabricated-edit benchmark: true claims in faithful forms and with one fault each, to measure the gate.

`library.jsonl` and `passages.jsonl` are made of the shipped library's documents (CC BY 4.0). The corrupted forms in them
are wrong on purpose and no medical information. When the documents change, `python -m tests.benchmarks.fabricated_edits
--remake` makes both files anew. The edits were written without looking at the gate, and are changed only where a label
is wrong.
"""
