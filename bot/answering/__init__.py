"""From evidence to a checked answer: triage, assess, compose, verify, conclude; `graph` joins them."""
