# A Kafka broker (KRaft) from the jars that the Apache project publishes on Maven Central, for one machine: see docker-compose.yml.
# Not the official image, because that one writes its configuration at start: this one runs on a read-only file system,
# and what the tests run is what you run.
ARG BASE_IMAGE=node:20.20.2-bookworm-slim@sha256:2cf067cfed83d5ea958367df9f966191a942351a2df77d6f0193e162b5febfc0

FROM ${BASE_IMAGE} AS jars
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends maven openjdk-17-jdk-headless \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY infra/kafka/pom.xml infra/kafka/jars.sha256 ./
RUN mvn -q -B dependency:copy-dependencies -DoutputDirectory=libs -DincludeScope=runtime
# Every jar that is named there, and no other.
WORKDIR /build/libs
RUN sha256sum --check --strict --quiet ../jars.sha256 \
 && test "$(LC_ALL=C ls -A)" = "$(sed 's/^.*  //' ../jars.sha256)"

FROM ${BASE_IMAGE}
# Java with Debian's security updates of the day the image is built.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends openjdk-17-jre-headless \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o 1000 -g 1000 /var/lib/kafka /var/lib/kafka-ca
COPY --from=jars /build/libs /opt/kafka/libs
COPY infra/docker/kafka/server.properties infra/docker/kafka/start.sh /opt/kafka/
USER 1000:1000
VOLUME /var/lib/kafka /var/lib/kafka-ca
EXPOSE 9092
# The broker opens its port once it can serve.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=6 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9094"]
ENTRYPOINT ["sh", "/opt/kafka/start.sh"]
