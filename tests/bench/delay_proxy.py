"""A TCP proxy that adds a fixed round-trip time and counts connections: how many round trips in sequence a command needs, measured from outside."""
import asyncio
import threading

FROM_CLIENT, FROM_SERVER = "client", "server"


class DelayProxy:
    """Forwards 127.0.0.1:<port> to a target; every byte is late by half of `rtt` each way, and a connection is accepted `rtt` late."""

    def __init__(self, host, port, rtt):
        self.target, self.rtt = (host, port), rtt
        self.connections = 0
        self.chunks = []  # (connection, FROM_CLIENT as read or FROM_SERVER as delivered, data), in the order of the client's eyes
        self.port = None
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self):
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        # Connections that are still open when the measuring ends are given up, and not by the collector with a trace each.
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*asyncio.all_tasks(self._loop), return_exceptions=True))
        self._loop.close()

    async def _serve(self, reader, writer):
        self.connections += 1
        connection = self.connections
        # The client's connect() has already succeeded against us: its round trip is paid for here.
        await asyncio.sleep(self.rtt)
        upstream_reader, upstream_writer = await asyncio.open_connection(*self.target)
        await asyncio.gather(self._pump(reader, upstream_writer, connection, FROM_CLIENT),
                             self._pump(upstream_reader, writer, connection, FROM_SERVER))

    async def _pump(self, reader, writer, connection, side):
        """Each chunk leaves half a round trip after it came, in order, without holding back the next."""
        queue = asyncio.Queue()

        async def deliver():
            while (item := await queue.get()) is not None:
                due, data = item
                await asyncio.sleep(max(0, due - self._loop.time()))
                if side == FROM_SERVER:
                    self.chunks.append((connection, side, data))
                writer.write(data)
                await writer.drain()
            writer.close()

        task = asyncio.ensure_future(deliver())
        try:
            while data := await reader.read(65536):
                if side == FROM_CLIENT:
                    self.chunks.append((connection, side, data))
                queue.put_nowait((self._loop.time() + self.rtt / 2, data))
        except OSError:
            pass
        queue.put_nowait(None)
        try:
            await task
        except OSError:
            pass


def _longest_record(data):
    """The longest TLS record of handshake or application data that starts in these bytes."""
    longest = at = 0
    while at + 5 <= len(data):
        length = int.from_bytes(data[at + 3:at + 5], "big")
        if data[at] in (22, 23):
            longest = max(longest, length)
        at += 5 + length
    return longest


def round_trips(chunks):
    """Round trips in sequence on the connection that needed most: TCP's own, and one each time that the client said something after an answer.

    HTTP/2's acknowledgements and window updates do not count, nobody waits for them: their TLS records hold at most 13 bytes of a frame each, and a
    request's HEADERS never fit into two of those.
    """
    acknowledgement = 2 * (9 + 4) + 1 + 16
    trips = {}
    listening = {}
    for connection, side, data in chunks:
        trips.setdefault(connection, 1)
        if side == FROM_SERVER:
            listening[connection] = True
        elif listening.get(connection, True) and _longest_record(data) > acknowledgement:
            trips[connection] += 1
            listening[connection] = False
    return max(trips.values(), default=0)
