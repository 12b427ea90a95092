"""A client written from docs/contract.md alone, with nothing but Python's standard library.

usage: client.py DATA_DIR
Connects as `cli`, asks host.ping, sets the palette, reads it back as an event, prints one JSON line.
"""
import base64
import hashlib
import hmac
import json
import os
import socket
import struct
import sys
import uuid


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def mac(key, parts):
    digest = hmac.new(key, digestmod=hashlib.sha256)
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8")
        digest.update(struct.pack(">I", len(data)) + data)
    return digest.digest()


class Client:
    def __init__(self, data_dir, role):
        with open(os.path.join(data_dir, "endpoint.json"), encoding="utf-8") as file:
            self.endpoint = json.load(file)
        with open(os.path.join(data_dir, "host.key"), "rb") as file:
            self.key = file.read()
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(self.endpoint["address"])
        self.events = []
        self.shake_hands(role)

    def send(self, message):
        data = json.dumps(message).encode("utf-8")
        self.socket.sendall(struct.pack(">I", len(data)) + data)

    def receive(self):
        (length,) = struct.unpack(">I", self.exactly(4))
        return json.loads(self.exactly(length).decode("utf-8"))

    def exactly(self, count):
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            if not more:
                raise SystemExit("the host closed the connection")
            data += more
        return data

    def shake_hands(self, role):
        client_nonce = os.urandom(32)
        self.send({"v": 1, "type": "hello", "role": role, "client_nonce": b64(client_nonce)})
        challenge = self.receive()
        instance = challenge["instance_id"]
        assert instance == self.endpoint["instance_id"]
        common = [role, "envelope", instance, client_nonce, unb64(challenge["host_nonce"])]
        expected = mac(self.key, ["hob-handshake-v1", "host"] + common)
        assert hmac.compare_digest(expected, unb64(challenge["proof"])), "not the host"
        proof = mac(self.key, ["hob-handshake-v1", "client"] + common + ["python", ""])
        self.send({"type": "auth", "proof": b64(proof), "principal_hint": "python"})
        assert self.receive()["type"] == "welcome"

    def request(self, command, payload):
        request_id = str(uuid.uuid4())
        self.send({"v": 1, "request_id": request_id, "command": command, "payload": payload})
        while True:
            message = self.receive()
            if message.get("request_id") == request_id:
                if not message["ok"]:
                    raise SystemExit(message["error"]["code"])
                return message["payload"]
            self.events.append(message)


client = Client(sys.argv[1], "cli")
echo = client.request("host.ping", {"echo": "h\u00e9"})["echo"]
client.request("stream.subscribe", {"events": ["orb.palette"]})
client.request("orb.palette.set", {"palette": {"idle": "#0a0b0c"}})
while not client.events:
    client.events.append(client.receive())
print(json.dumps({"echo": echo, "event": client.events[0]}))
