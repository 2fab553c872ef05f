#!/usr/bin/env bash
# Writes what docker-compose.yml and docker-compose.embedded.yml need and nobody should choose by hand: passwords into .env, the
# certificate of KurrentDB and the bearer keys into infra/docker/secrets. Git ignores both. To make them anew, remove both first (and
# the volumes: the servers keep the passwords that they were first started with).
set -euo pipefail
cd "$(dirname "$0")/../.."

CERTIFICATE_DAYS=1825
secrets=infra/docker/secrets

command -v openssl >/dev/null || { echo 'openssl is missing: install it, on Debian as root with apt-get install openssl' >&2; exit 1; }
for made in .env "$secrets"; do
  if [ -e "$made" ]; then echo "$made is there already; remove it to make all secrets anew" >&2; exit 1; fi
done

random() { openssl rand -hex 24; }
umask 077
mkdir "$secrets"
echo '*' >"$secrets/.gitignore"

redis_password=$(random)
cat >.env <<ENV
KURRENTDB_ADMIN_PASSWORD=$(random)
KURRENTDB_OPS_PASSWORD=$(random)
KAFKA_SERVICES_PASSWORD=$(random)
KAFKA_PLATFORM_PASSWORD=$(random)
REDIS_PASSWORD=$redis_password
GRAFANA_PASSWORD=$(random)
ENV
echo "requirepass $redis_password" >"$secrets/redis-password.conf"

# The bearer keys of the services: the keys file holds their hashes only.
entries=''
for role in platform teacher operator; do
  key=$(random)
  printf %s "$key" >"$secrets/$role.key"
  hash=$(printf %s "$key" | openssl dgst -sha256 -r | cut -d' ' -f1)
  entries+="${entries:+,}\"$hash\":{\"tenant\":\"default\",\"role\":\"$role\"}"
done
echo "{$entries}" >"$secrets/keys.json"

# An authority for one certificate; its key is thrown away. One node knows the others by the common name.
openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days "$CERTIFICATE_DAYS" -subj '/CN=trellis-authority' \
  -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
  -keyout "$secrets/authority.key" -out "$secrets/authority.crt" 2>/dev/null
openssl req -new -newkey rsa:2048 -nodes -sha256 -subj '/CN=trellis-kurrentdb' \
  -keyout "$secrets/kurrentdb.key" -out "$secrets/kurrentdb.csr" 2>/dev/null
openssl x509 -req -sha256 -days "$CERTIFICATE_DAYS" -in "$secrets/kurrentdb.csr" -CA "$secrets/authority.crt" -CAkey "$secrets/authority.key" \
  -CAcreateserial -out "$secrets/kurrentdb.crt" -extfile <(
    echo 'basicConstraints=critical,CA:FALSE'
    echo 'keyUsage=critical,digitalSignature,keyEncipherment'
    echo 'extendedKeyUsage=serverAuth,clientAuth'
    echo 'subjectAltName=DNS:kurrentdb,DNS:localhost,IP:127.0.0.1'
  ) 2>/dev/null
rm "$secrets/authority.key" "$secrets/kurrentdb.csr" "$secrets"/*.srl

# Containers read these as users of their own; on this machine the folder around them keeps everybody else out.
chmod 644 "$secrets"/{keys.json,operator.key,redis-password.conf,authority.crt,kurrentdb.crt,kurrentdb.key}

echo "Passwords are in .env, bearer keys in $secrets/{platform,teacher,operator}.key."
