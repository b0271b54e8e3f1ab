# Reviews the reply in the file $1. Exit 10 sends it back with what is printed here.
if grep -qi refund "$1"; then
  echo "a refund is promised: only a person may do that"
  exit 10
fi
if ! grep -q '[0-9]' "$1"; then
  echo "name the order"
  exit 10
fi
