# syntax=docker/dockerfile:1
# One image for web, worker, beat and the one-shot migrate; docker-compose.yml says which command each of them runs.

FROM node:24-bookworm-slim AS frontend
WORKDIR /build
COPY .npmrc package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

# The oldest Python that we promise, which is the one that the tests run on.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN pip install --require-hashes -r requirements/base.txt
COPY . .
COPY --from=frontend /build/node_modules/govuk-frontend node_modules/govuk-frontend
# The demonstration's settings need no secret, and name the files as production does. Nothing of DATA_DIR is kept.
RUN python -m opss.frontend \
    && OPSS_ENV=demonstration DATA_DIR=/tmp/build python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q . \
    && rm -rf node_modules /tmp/build

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 opss \
    && useradd --uid 10001 --gid opss --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin opss \
    && install -d -o opss -g opss -m 0700 /data
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 OPSS_ENV=production DATA_DIR=/data
WORKDIR /app
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["python", "-m", "opss.probe"]
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "opss.wsgi"]
