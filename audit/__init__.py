"""The record: append-only events in hash chains, and the log of who read restricted material."""

SERVICE_CHAIN = "service"
