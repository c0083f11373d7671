"""A model over TLS for thousands of connections: answers chat completions after a while.

Arguments: certificate, key, seconds before each answer. A question with "refund" in it is answered
with true, one with "silence" never, all others with false.
"""
import asyncio
import ssl
import sys

DELAY = float(sys.argv[3])


def reply(label):
    content = '{\\"verdict\\":%s}' % label
    body = (
        '{"model":"stub-1","choices":[{"message":{"content":"%s"},"finish_reason":"stop"}]}'
        % content).encode()
    head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return (head % len(body)).encode() + body


ANSWERS = {True: reply("true"), False: reply("false")}


async def serve(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = 0
            for line in head.split(b"\r\n"):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            body = await reader.readexactly(length)
            if b"silence" in body:
                await reader.read()
                break
            await asyncio.sleep(DELAY)
            writer.write(ANSWERS[b"refund" in body])
            await writer.drain()
    except (OSError, EOFError, asyncio.IncompleteReadError, ssl.SSLError):
        pass
    writer.close()


async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    server = await asyncio.start_server(
        serve, "127.0.0.1", 0, ssl=context, backlog=4096, ssl_handshake_timeout=120)
    print("listening https://127.0.0.1:%d/v1" % server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
