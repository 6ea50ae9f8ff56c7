# SPDX-License-Identifier: GPL-2.0-or-later
"""What scripts/bench measures, and how good the results are meant to be."""
from dataclasses import dataclass, field, replace

SIZES = (16, 64, 256, 1024, 4096, 16384, 65536)
SMOKE_SIZE = 256
QUICK_SIZES = (16, 256, 4096, 65536)
CIPHERS = {                     # name in cells: words for the client
    'cbc-enc': {'algo': 'aes-128-cbc'},
    'cbc-dec': {'algo': 'aes-128-cbc', 'op': 'decrypt'},
    'ctr': {'algo': 'aes-128-ctr'},
    'xts': {'algo': 'aes-128-xts'},
    '3des-cbc': {'algo': '3des-cbc'},
}
SERVICES = {                    # what the stock device has not got
    'gcm': {'algo': 'aes-128-gcm'},
    'cbc-hmac-sha1': {'algo': 'aes-128-cbc-hmac-sha-1'},
    'hmac-sha256': {'algo': 'hmac-sha-256'},
    'sha256': {'algo': 'sha-256'},
}
POLL_NS = 1000000
NO_WORSE = 1.05                 # what differs less is noise
ALIKE = 1.1
PAUSE_US = 20                   # long enough for a device to fall asleep


@dataclass(frozen=True)
class Config:
    """How a device is set up."""
    queues: int = 1
    iothreads: int = 0
    poll_ns: int = 0            # how long IOThreads poll at most
    revision_1: bool = False
    packed: bool = False        # rings
    tcg: bool = False           # with a CPU, which is halted


@dataclass
class Cell:
    """One measurement.

    stock: whether the stock device takes part, always in its only set-up
    peer: which stock device, see runner.py
    bars: (what, limit[, other cell]) for bars.py; limit None: only say it
    longer: factor on the length of a measurement
    smoke: one of those that show that everything works
    """
    name: str
    verb: str = 'load'
    words: dict = field(default_factory=dict)
    config: Config = Config()
    stock: bool = True
    peer: str = 'stock'
    bars: tuple = ()
    quick: bool = True
    longer: float = 1
    smoke: bool = False

    @property
    def size(self):
        return self.words.get('size', 0)


def depth_of(size):
    return 64 if size >= 16384 else 128


def load(name, words, size, depth=None, **more):
    return Cell(name, words={**words, 'size': size,
                             'depth': depth or depth_of(size)},
                quick=size in QUICK_SIZES, smoke=size == SMOKE_SIZE, **more)


SPEEDUPS = {                    # of the stock device, by cell
    'cbc-enc/16': 6, 'cbc-enc/64': 6, 'cbc-enc/256': 6, 'cbc-enc/1024': 5,
    'cbc-enc/4096': 5, 'cbc-enc/16384': 5, 'cbc-enc/65536': 5.8,
    'cbc-dec/4096': 3, 'ctr/4096': 3, 'xts/4096': 3,
}
ADDED = {                       # microseconds, at 64 bytes and 4 KiB
    'cbc-enc': (0.2, 0.35), 'ctr': (0.2, 0.35), 'gcm': (0.3, 0.4),
    'hmac-sha256': (0.3, 0.4), 'sha256': (0.3, 0.4),
    'cbc-hmac-sha1': (None, 0.9), 'unaligned/cbc-hmac-sha1': (None, 0.3),
}
OF_BARE = 0.9                   # at 64 KiB


def load_bars(name, size):
    """The goals of a full ring."""
    added = dict(zip((64, 4096), ADDED.get(name, ()))).get(size)
    goals = (('speedup', SPEEDUPS.get(f'{name}/{size}')), ('added-us', added),
             ('of-bare', OF_BARE if size == 65536 else None))
    return tuple(g for g in goals if g[1])


def ciphers():
    for name, words in CIPHERS.items():
        for size in SIZES if name != '3des-cbc' else (256, 4096):
            yield load(f'{name}/{size}', words, size,
                       bars=load_bars(name, size))


def services():
    for name, words in SERVICES.items():
        for size in SIZES:
            yield load(f'{name}/{size}', words, size, stock=False,
                       bars=load_bars(name, size))


def drivers():
    """What drivers and VMs do in other ways than the client likes best."""
    words = CIPHERS['cbc-enc']
    ways = {'packed': ({}, Config(packed=True), ALIKE),
            'unaligned': ({'unaligned': 1}, Config(), None),
            'rewrite': ({'rewrite': 1}, Config(), None),
            'migrating': ({'migrating': 1}, Config(), None),
            'tcg': ({}, Config(tcg=True), None)}
    for way, (more, config, limit) in ways.items():
        for size in 64, 4096:
            cell = load(f'{way}/{size}', {**words, **more}, size, stock=False,
                        config=config,
                        bars=(('cpu-of', limit, f'cbc-enc/{size}'),))
            yield replace(cell, smoke=size == 64)
    name = 'unaligned/cbc-hmac-sha1'
    yield load(f'{name}/4096', {**SERVICES['cbc-hmac-sha1'], 'unaligned': 1},
               4096, stock=False, bars=load_bars(name, 4096))


def peers():
    """QEMU 10.1 made the stock device faster."""
    for size in 16, 64, 4096:
        yield load(f'against-10.1/{size}', CIPHERS['cbc-enc'], size,
                   peer='stock-10.1', bars=(('speedup', None),))


def latency():
    """The next request comes at once, or after a rest.

    A guest that polls is quick enough to keep a device awake; one that waits
    for an interrupt has to wake it for each request.
    """
    polling = Config(iothreads=1, poll_ns=POLL_NS)
    for rest, words, goal in (('', {}, NO_WORSE),
                              ('rest-', {'pause_us': PAUSE_US}, 0.5)):
        words = {**CIPHERS['cbc-enc'], **words}
        for size in SIZES:
            yield load(f'depth-1-{rest}main-loop/{size}', words, size, 1,
                       bars=(('latency', NO_WORSE),))
            bars = (('latency', goal),)
            if size == 64 and not rest:
                bars = ('latency', 0.7), ('p50-us', 1.7)
            yield load(f'depth-1-{rest}polling/{size}', words, size, 1,
                       config=polling, bars=bars)
    yield load('depth-32/4096', CIPHERS['cbc-enc'], 4096, 32)


def iothreads():
    words = CIPHERS['cbc-enc']
    yield load('iothreads/1', words, 4096, stock=False,
               config=Config(iothreads=1))
    yield load('iothreads/2', {**words, 'queues': 2}, 4096, stock=False,
               config=Config(queues=2, iothreads=2),
               bars=(('cpu-of', 1.1, 'iothreads/1'),))


def sessions():
    yield Cell('sessions/create-destroy', 'control',
               {'algo': 'aes-128-cbc', 'depth': 32}, smoke=True,
               bars=(('per-second', 200000),))
    for size in 256, 4096:
        yield load(f'sessions/10000/{size}',
                   {**CIPHERS['cbc-enc'], 'sessions': 10000}, size,
                   stock=False, bars=(('cpu-of', None, f'cbc-enc/{size}'),))


def stateless():
    against = (('cpu-of', None, 'stateless/session'),)
    for name, words, bars in (('session', {}, ()),
                              ('same-key', {'sessions': 0}, against),
                              ('new-keys', {'sessions': 0, 'rekey': 1},
                               against)):
        cell = load(f'stateless/{name}', {**CIPHERS['cbc-enc'], **words}, 4096,
                    stock=False, config=Config(revision_1=True), bars=bars)
        yield replace(cell, smoke=True)


def others():
    yield Cell('rsa-2048/private', words={
        'algo': 'rsa-2048', 'op': 'decrypt', 'size': 256, 'depth': 8},
        longer=3, smoke=True)
    for size in 256, 4096:
        yield load(f'direct/{size}', {**CIPHERS['cbc-enc'], 'direct': 1}, size)
    yield load('monitor/4096', {**CIPHERS['cbc-enc'], 'ping': 1}, 4096,
               bars=(('monitor-ms', 1.0),))


def all_cells():
    return [cell for group in (ciphers, services, drivers, peers, latency,
                               iothreads, sessions, stateless, others) for cell in group()]
