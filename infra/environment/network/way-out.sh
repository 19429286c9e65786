# Makes this instance the way out to the internet of the tasks in private subnets. cloud-init runs
# it at the first boot, and from the copy that it makes of itself at each later one. The lines
# before it, which nat-instance.ts writes, say what GROUP, HOOK, REGION, ROUTE_TABLES and PROBE are.
set -Eeuo pipefail
export AWS_DEFAULT_REGION="$REGION"

# A new role's rights take some seconds until they are known everywhere.
again() {
  for _ in {1..12}; do
    if "$@"; then return 0; fi
    sleep 5
  done
  return 1
}

metadata() {
  local token
  token=$(curl --fail --silent --retry 5 --request PUT http://169.254.169.254/latest/api/token \
    --header 'X-aws-ec2-metadata-token-ttl-seconds: 60')
  curl --fail --silent --retry 5 "http://169.254.169.254/latest/meta-data/$1" \
    --header "X-aws-ec2-metadata-token: $token"
}

# The group puts the instance into service (CONTINUE), or ends it and launches another (ABANDON).
# At a later boot nothing waits for this.
complete() {
  aws autoscaling complete-lifecycle-action --auto-scaling-group-name "$GROUP" \
    --lifecycle-hook-name "$HOOK" --instance-id "$INSTANCE" --lifecycle-action-result "$1" || true
}

forward() {
  # Amazon Linux 2023 has no nft. With the agent beside it, dnf needs more memory than the smallest
  # instance has: https://github.com/amazonlinux/amazon-linux-2023/issues/404
  systemctl disable --quiet --now amazon-ssm-agent || true
  if [ ! -e /swap ]; then
    dd if=/dev/zero of=/swap bs=1M count=1024 status=none
    chmod 600 /swap
    mkswap --quiet /swap
  fi
  swapon /swap
  again dnf install --assumeyes --quiet nftables
  sysctl --quiet --write net.ipv4.ip_forward=1
  local interface
  interface=$(ip -4 route show default | awk '{ print $5; exit }')
  nft -f - <<RULES
table ip way-out
delete table ip way-out
table ip way-out {
  chain postrouting {
    type nat hook postrouting priority srcnat
    oifname "$interface" masquerade
  }
}
RULES
}

# A request from a network of its own inside this instance, which has to be forwarded and
# masqueraded as a task's has. Whatever answers will do.
test_way_out() {
  local address
  address=$(getent ahostsv4 "$PROBE" | awk '{ print $1; exit }')
  ip netns add probe
  ip link add probe-outside type veth peer name probe-inside netns probe
  ip addr add 192.0.2.1/30 dev probe-outside
  ip link set probe-outside up
  ip -n probe addr add 192.0.2.2/30 dev probe-inside
  ip -n probe link set probe-inside up
  ip -n probe route add default via 192.0.2.1
  again ip netns exec probe curl --silent --output /dev/null --max-time 5 \
    --resolve "$PROBE:443:$address" "https://$PROBE/"
  ip netns delete probe
}

take_route() {
  local route=(--route-table-id "$1" --destination-cidr-block 0.0.0.0/0 --instance-id "$INSTANCE")
  aws ec2 replace-route "${route[@]}" || aws ec2 create-route "${route[@]}"
}

# A route that somebody takes away is made again; one that is there is left as it is.
keep_routes() {
  local table commands=''
  for table in $ROUTE_TABLES; do
    commands+="aws ec2 create-route --region $REGION --route-table-id $table --destination-cidr-block 0.0.0.0/0 --instance-id $INSTANCE; "
  done
  systemd-run --quiet --unit=keep-routes --on-calendar=minutely bash -c "${commands}true"
}

INSTANCE=$(metadata instance-id)
trap 'complete ABANDON' ERR
install -D --mode=700 "$0" /var/lib/cloud/scripts/per-boot/way-out.sh || true
forward
again aws ec2 modify-instance-attribute --instance-id "$INSTANCE" --no-source-dest-check
test_way_out
for table in $ROUTE_TABLES; do again take_route "$table"; done
keep_routes
complete CONTINUE
