#!/bin/sh
# On the first start makes a key and formats the volume with the users, then becomes the broker.
# No globbing: Java expands the class path itself.
set -euf
run="java -XX:-UsePerfData -XX:+UseSerialGC -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp /opt/kafka/libs/*"
config=/opt/kafka/server.properties
tls=/var/lib/kafka/tls
if [ ! -e "$tls/broker.p12" ]; then
  mkdir -p "$tls"
  chmod 700 "$tls"
  rm -f "$tls/making.p12"
  keytool -genkeypair -keyalg EC -groupname secp256r1 -dname CN=kafka -ext san=dns:kafka -validity 3650 \
    -storetype PKCS12 -keystore "$tls/making.p12" -storepass keystore -alias broker
  mv "$tls/making.p12" "$tls/broker.p12"
fi
# What clients believe, where they find it: no secret.
keytool -exportcert -rfc -keystore "$tls/broker.p12" -storepass keystore -alias broker > /var/lib/kafka-ca/making.pem
mv /var/lib/kafka-ca/making.pem /var/lib/kafka-ca/ca.pem
if [ ! -e /var/lib/kafka/data/meta.properties ]; then
  # Any 16 bytes in base64url name a cluster.
  id=$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | cut -c 1-22)
  set --
  for user in admin gateway ingest prover signer; do
    password=$(cat "/run/secrets/kafka_password_$user")
    set -- "$@" --add-scram "SCRAM-SHA-512=[name=solvent-$user,password=$password]"
  done
  # shellcheck disable=SC2086
  $run kafka.tools.StorageTool format -t "$id" -c "$config" "$@"
fi
# shellcheck disable=SC2086
exec $run -Xms256m -Xmx"${KAFKA_HEAP:-768m}" -XX:+ExitOnOutOfMemoryError kafka.Kafka "$config"
