"""The fabricated-edit benchmark: true claims in faithful forms and with one fault each, to measure the gate."""
