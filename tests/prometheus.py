"""Reads metrics as Prometheus does."""

from prometheus_client.parser import text_string_to_metric_families

from bot.channels.status.metrics import Metrics


def values(metrics: Metrics) -> dict[str, float]:
    """The samples: `name{label values}`, in the order of the labels' names."""
    return read(metrics.exposed().decode())


def read(page: str) -> dict[str, float]:
    """The same of a page."""
    return {
        f"{sample.name}{{{','.join(value for _, value in sorted(sample.labels.items()))}}}": sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }
