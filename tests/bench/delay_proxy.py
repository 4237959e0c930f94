"""A TCP proxy that adds a fixed round-trip time and counts connections: how many round trips in sequence a command needs, measured from outside."""
import asyncio
import threading


class DelayProxy:
    """Forwards 127.0.0.1:<port> to a target; every byte is late by half of `rtt` each way, and a connection is accepted `rtt` late."""

    def __init__(self, host, port, rtt):
        self.target, self.rtt = (host, port), rtt
        self.connections = 0
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

    async def _serve(self, reader, writer):
        self.connections += 1
        # The client's connect() has already succeeded against us: its round trip is paid for here.
        await asyncio.sleep(self.rtt)
        upstream_reader, upstream_writer = await asyncio.open_connection(*self.target)
        await asyncio.gather(self._pump(reader, upstream_writer), self._pump(upstream_reader, writer))

    async def _pump(self, reader, writer):
        """Each chunk leaves half a round trip after it came, in order, without holding back the next."""
        queue = asyncio.Queue()

        async def deliver():
            while (item := await queue.get()) is not None:
                due, data = item
                await asyncio.sleep(max(0, due - self._loop.time()))
                writer.write(data)
                await writer.drain()
            writer.close()

        task = asyncio.ensure_future(deliver())
        try:
            while data := await reader.read(65536):
                queue.put_nowait((self._loop.time() + self.rtt / 2, data))
        except OSError:
            pass
        queue.put_nowait(None)
        try:
            await task
        except OSError:
            pass
