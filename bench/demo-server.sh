# Sourced: start_demo runs a demo server in a folder of its own, with the port offset $offset, and ends it at exit.
offset=${PORT_OFFSET:-18000}
start_demo() {
  demo_home=$(mktemp -d)
  ./tamanoir demo --home "$demo_home" -o port_offset="$offset" "$@" >"$demo_home/out" 2>&1 &
  demo_pid=$!
  trap 'kill $demo_pid 2>/dev/null; wait $demo_pid 2>/dev/null; rm -rf "$demo_home"' EXIT
  for _ in $(seq 600); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$((offset + 143))") 2>/dev/null; then return 0; fi
    kill -0 $demo_pid 2>/dev/null || { cat "$demo_home/out"; exit 1; }
    read -r -t 0.1 _ </dev/null || sleep 0.1
  done
  cat "$demo_home/out"; exit 1
}
