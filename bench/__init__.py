"""`make bench`: what the product costs beside bare psycopg2, at the sizes of BENCH_SIZES (docs/performance.md)."""
