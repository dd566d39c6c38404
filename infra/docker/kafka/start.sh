#!/bin/sh
# Formats the volume on the first start, then becomes the broker.
# No globbing: Java expands the class path itself.
set -euf
run="java -XX:-UsePerfData -XX:+UseSerialGC -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp /opt/kafka/libs/*"
config=/opt/kafka/server.properties
if [ ! -e /var/lib/kafka/data/meta.properties ]; then
  # Any 16 bytes in base64url name a cluster.
  id=$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | cut -c 1-22)
  # shellcheck disable=SC2086
  $run kafka.tools.StorageTool format -t "$id" -c "$config"
fi
# shellcheck disable=SC2086
exec $run -Xms256m -Xmx"${KAFKA_HEAP:-768m}" -XX:+ExitOnOutOfMemoryError kafka.Kafka "$config"
