# Sourced: start_bench_server runs Tamanoir in a folder of its own with user001..user100@example.com (password "secret").
#   smtp 127.0.0.1:$((offset + 25)), IMAP $((offset + 143)), IMAPS $((offset + 993)); process id in $bench_pid
offset=${PORT_OFFSET:-19000}
start_bench_server() {
  ./tamanoir --build-only
  bench_home=${BENCH_HOME:-$(mktemp -d)}
  if [ ! -e "$bench_home/main.cf" ]; then
    cat >"$bench_home/main.cf" <<M
myhostname = tamanoir.example.com
mydomain = example.com
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
port_offset = $offset
message_size_limit = 20480000
smtpd_sasl_auth_enable = yes
log_level = ${LOG_LEVEL:-info}
maillog_file = $bench_home/log
M
    bench_users=1
  fi
  ./tamanoir serve --home "$bench_home" >"$bench_home/out" 2>&1 &
  bench_pid=$!
  trap 'kill $bench_pid 2>/dev/null; wait $bench_pid 2>/dev/null; [ -n "${BENCH_HOME:-}" ] || rm -rf "$bench_home"' EXIT
  for _ in $(seq 600); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$((offset + 143))") 2>/dev/null; then break; fi
    kill -0 $bench_pid 2>/dev/null || { cat "$bench_home/out"; exit 1; }
    sleep 0.1
  done
  if [ -n "${bench_users:-}" ]; then
    ./tamanoir domain add example.com --home "$bench_home" >/dev/null
    for i in $(seq -w 1 100); do
      echo secret | ./tamanoir account add "user$i@example.com" --password-stdin --home "$bench_home" >/dev/null
    done
  fi
}
