#!/usr/bin/python3
"""Publishes one order to Kehu and prints the answer: all an order system has to do, on one page.

    bin/kehuctl keys new shop --publish shop                       # once: a key for this system
    clients/python/publish_order.py var/keys/secret/shop.secret    # KEYFILE [URL]
    bin/kehuctl customer show shop:C-1001                          # what Kehu made of it

Without a URL it asks the Kehu of this machine, whose ports begin at KEHU_BASE_PORT (7400).
Needs pyzmq, protobuf and protoc (Debian: python3-zmq python3-protobuf protobuf-compiler).
"""
import json
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

import zmq
from google.protobuf import descriptor_pb2, message_factory

PROTO = Path(__file__).resolve().parents[2] / "proto"
AGAIN = ("UNAVAILABLE", "RESOURCE_EXHAUSTED", "ABORTED", "DEADLINE_EXCEEDED")  # all else is final


def read_contract():
    """Message classes by full name, straight from proto/: no generated code to keep in step."""
    protoc = ["protoc", f"-I{PROTO}", "--include_imports", "-o/dev/stdout"]
    compiled = subprocess.check_output([*protoc, *PROTO.rglob("*.proto")])
    return message_factory.GetMessages(descriptor_pb2.FileDescriptorSet.FromString(compiled).file)


def make_batch(contract, source):
    """A batch of one event. Its (source, id) says which it is: sent twice, it counts once."""
    order = contract["kehu.customers.v1.OrderPlaced"](number=f"PY-{uuid.uuid4().hex[:12]}")
    order.content.ordered_at.GetCurrentTime()
    customer, lines = order.content.customer, order.content.lines
    customer.external_id, customer.name = "C-1001", "昆明春城商贸有限公司"
    order.content.region, order.content.currency = "云南", "CNY"
    # Money and quantities are exact: whole millionths, never floating point.
    lines.add(product="TEA-01", quantity_micros=2_000_000, unit_price_micros=128_500_000)
    lines.add(product="TEA-02", quantity_micros=1_500_000, unit_price_micros=80_000_000)
    event = contract["io.cloudevents.v1.CloudEvent"](
        id=order.number, source=source, spec_version="1.0", type=order.DESCRIPTOR.full_name)
    event.attributes["time"].ce_timestamp.CopyFrom(order.content.ordered_at)
    event.proto_data.Pack(order)
    return contract["kehu.bus.v1.Publish"](events=[event])


def ask(contract, key, url, payload):
    """Sends the same bytes until they are answered: an answer means that the effect is on disk.
    This page gives up after ten tries; an order system keeps the event and tries again later."""
    socket = zmq.Context.instance().socket(zmq.DEALER)
    socket.linger = 0
    socket.curve_publickey, socket.curve_secretkey = key["public"].encode(), key["secret"].encode()
    socket.curve_serverkey = key["server"].encode()
    socket.connect(url)
    request = contract["kehu.bus.v1.Request"](
        id=str(uuid.uuid4()), type=payload.DESCRIPTOR.full_name, source=key["name"],
        payload=payload.SerializeToString())
    for _ in range(10):
        socket.send(request.SerializeToString())
        if not socket.poll(2000):  # milliseconds of silence: lost somewhere, so send again
            print(f"no answer from {url} yet", file=sys.stderr)
            continue
        reply = contract["kehu.bus.v1.Reply"].FromString(socket.recv())
        names = reply.DESCRIPTOR.fields_by_name["status"].enum_type.values_by_number
        status = names[reply.status].name
        if reply.id == request.id and status not in AGAIN:
            return status, reply
        time.sleep(max(0.1, reply.retry_after.ToMilliseconds() / 1000))
    sys.exit(f"{url} did not answer ten times; is the address right, and the key allowed?")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    key, contract = json.loads(Path(sys.argv[1]).read_text()), read_contract()
    url = f"tcp://127.0.0.1:{int(os.environ.get('KEHU_BASE_PORT') or 7400) + 10}"
    url = sys.argv[2] if len(sys.argv) == 3 else url
    status, reply = ask(contract, key, url, make_batch(contract, source=key["name"]))
    print(status, reply.message, *reply.violations)
    print(contract["kehu.bus.v1.Published"].FromString(reply.payload))
    sys.exit(0 if status == "OK" else 1)
