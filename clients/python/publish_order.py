#!/usr/bin/python3
"""Publishes one order to Kehu and prints the answer: all that an order system has to do, on one page.

    bin/kehuctl keys new shop --publish shop                       # once: a key for this system
    clients/python/publish_order.py var/keys/secret/shop.secret    # KEYFILE [URL]
    bin/kehuctl customer show shop:C-1001                          # what Kehu made of it

Needs pyzmq, protobuf and protoc (Debian: python3-zmq python3-protobuf protobuf-compiler).
"""
import json
import subprocess
import sys
import time
import uuid
from pathlib import Path

import zmq
from google.protobuf import descriptor_pb2, message_factory

PROTO = Path(__file__).resolve().parents[2] / "proto"
AGAIN = ("UNAVAILABLE", "RESOURCE_EXHAUSTED", "ABORTED", "DEADLINE_EXCEEDED")  # all others are final


def read_contract():
    """Message classes by full name, straight from proto/: no generated code to keep in step."""
    command = ["protoc", f"-I{PROTO}", "--include_imports", "-o/dev/stdout", *PROTO.rglob("*.proto")]
    compiled = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return message_factory.GetMessages(descriptor_pb2.FileDescriptorSet.FromString(compiled).file)


def make_order(contract, source):
    """One CloudEvent. Its (source, id) says which event this is: sent twice, it counts once."""
    order = contract["kehu.customers.v1.OrderPlaced"](number=f"PY-{uuid.uuid4().hex[:12]}")
    order.content.ordered_at.GetCurrentTime()
    order.content.customer.external_id, order.content.customer.name = "C-1001", "昆明春城商贸有限公司"
    order.content.region, order.content.currency = "云南", "CNY"
    # Money and quantities are exact: whole millionths, never floating point.
    order.content.lines.add(product="TEA-01", quantity_micros=2_000_000, unit_price_micros=128_500_000)
    order.content.lines.add(product="TEA-02", quantity_micros=1_500_000, unit_price_micros=80_000_000)
    event = contract["io.cloudevents.v1.CloudEvent"](
        id=f"placed-{order.number}", source=source, spec_version="1.0", type=order.DESCRIPTOR.full_name)
    event.attributes["time"].ce_timestamp.CopyFrom(order.content.ordered_at)
    event.proto_data.Pack(order)
    return event


def ask(contract, key, url, payload):
    """Sends the same bytes until they are answered: an answer means that the effect is on disk."""
    socket = zmq.Context.instance().socket(zmq.DEALER)
    socket.linger = 0
    socket.curve_publickey, socket.curve_secretkey = key["public"].encode(), key["secret"].encode()
    socket.curve_serverkey = key["server"].encode()
    socket.connect(url)
    request = contract["kehu.bus.v1.Request"](
        id=str(uuid.uuid4()), type=payload.DESCRIPTOR.full_name, source=key["name"],
        payload=payload.SerializeToString())
    while True:
        socket.send(request.SerializeToString())
        if not socket.poll(2000):  # milliseconds of silence: lost somewhere, so send again
            print("no answer yet: is the service up, is the key allowed?", file=sys.stderr)
            continue
        reply = contract["kehu.bus.v1.Reply"].FromString(socket.recv())
        status = reply.DESCRIPTOR.fields_by_name["status"].enum_type.values_by_number[reply.status].name
        if reply.id == request.id and status not in AGAIN:
            return status, reply
        time.sleep(max(0.1, reply.retry_after.ToMilliseconds() / 1000))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    key, url = json.loads(Path(sys.argv[1]).read_text()), (sys.argv[2:] or ["tcp://127.0.0.1:7410"])[0]
    contract = read_contract()
    batch = contract["kehu.bus.v1.Publish"](events=[make_order(contract, source=key["name"])])
    status, reply = ask(contract, key, url, batch)
    print(status, reply.message, *(f"{wrong.field}: {wrong.description}" for wrong in reply.violations))
    print(contract["kehu.bus.v1.Published"].FromString(reply.payload))
    sys.exit(0 if status == "OK" else 1)
