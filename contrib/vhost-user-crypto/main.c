/*
 * vhost-user-crypto: a virtio-crypto device in a process of its own
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <getopt.h>
#include <sys/socket.h>
#include "qapi/error.h"
#include "qemu/cutils.h"
#include "qemu/error-report.h"
#include "qemu/main-loop.h"
#include "qemu/module.h"
#include "qemu/sockets.h"
#include "qemu-version.h"
#include "qom/object_interfaces.h"
#include "vhost-user-crypto.h"

#define BACKEND_TYPE    "cryptodev-backend-builtin"

static const char usage[] =
"Usage: vhost-user-crypto --socket-path=PATH | --fd=N [OPTION]...\n"
"\n"
"Computes for the virtio-crypto device of a virtual machine, which connects by\n"
"vhost-user.  Serves one virtual machine at a time.\n"
"\n"
"  --socket-path=PATH     wait for connections there\n"
"  --fd=N                 use this socket: one that listens, or a connection\n"
"  --print-capabilities   say what kind of back end this is, in JSON\n"
"  --queues=N             data queues, at most 254 (default: 1)\n"
"  --provider=NAME        crypto library: auto, gcrypt, nettle, ipsec-mb or\n"
"                         tomcrypt (default: auto)\n"
"  --algos=NAMES          algorithms to offer, separated by commas, or\n"
"                         \"portable\" (default: all)\n"
"  --throttle-bps=N       at most so many bytes per second\n"
"  --throttle-ops=N       at most so many operations per second\n"
"  --max-sessions=N       sessions at a time (default: 16384)\n"
"  --max-size=BYTES       longest request\n"
"  --chain-aad-first      the same properties of the device\n"
"  --aead-aad-first\n"
"  --no-sandbox           allow all system calls, debuggers and core dumps\n"
"  --help, --version\n";

typedef struct Options {
    const char *socket_path;
    int fd;
    VuCryptoConf conf;
    bool no_sandbox;
} Options;

enum { OPT_PROPERTY = 1, OPT_SOCKET_PATH, OPT_FD, OPT_CAPABILITIES,
       OPT_MAX_SESSIONS, OPT_MAX_SIZE, OPT_CHAIN_AAD_FIRST,
       OPT_AEAD_AAD_FIRST, OPT_NO_SANDBOX, OPT_HELP, OPT_VERSION };

/* Options of OPT_PROPERTY are properties of the backend. */
static const struct option long_options[] = {
    { "queues", required_argument, NULL, OPT_PROPERTY },
    { "provider", required_argument, NULL, OPT_PROPERTY },
    { "algos", required_argument, NULL, OPT_PROPERTY },
    { "throttle-bps", required_argument, NULL, OPT_PROPERTY },
    { "throttle-ops", required_argument, NULL, OPT_PROPERTY },
    { "socket-path", required_argument, NULL, OPT_SOCKET_PATH },
    { "fd", required_argument, NULL, OPT_FD },
    { "print-capabilities", no_argument, NULL, OPT_CAPABILITIES },
    { "max-sessions", required_argument, NULL, OPT_MAX_SESSIONS },
    { "max-size", required_argument, NULL, OPT_MAX_SIZE },
    { "chain-aad-first", no_argument, NULL, OPT_CHAIN_AAD_FIRST },
    { "aead-aad-first", no_argument, NULL, OPT_AEAD_AAD_FIRST },
    { "no-sandbox", no_argument, NULL, OPT_NO_SANDBOX },
    { "help", no_argument, NULL, OPT_HELP },
    { "version", no_argument, NULL, OPT_VERSION },
    { }
};

static VuCrypto server;
static int listener = -1;
static volatile sig_atomic_t quit;

/* The command line */

static uint64_t parse_number(const char *name, const char *value,
                             uint64_t min, uint64_t max)
{
    uint64_t n;

    if (qemu_strtou64(value, NULL, 0, &n) < 0 || n < min || n > max) {
        error_report("--%s must be between %" PRIu64 " and %" PRIu64, name,
                     min, max);
        exit(EXIT_FAILURE);
    }
    return n;
}

static void parse_option(Options *o, Object *backend, int opt,
                         const char *name)
{
    switch (opt) {
    case OPT_PROPERTY:
        object_property_parse(backend, name, optarg, &error_fatal);
        break;
    case OPT_SOCKET_PATH:
        o->socket_path = optarg;
        break;
    case OPT_FD:
        o->fd = parse_number(name, optarg, 0, INT_MAX);
        break;
    case OPT_MAX_SESSIONS:
        o->conf.max_sessions = parse_number(name, optarg, 1,
                                              VIRTIO_CRYPTO_SESSIONS_MAX);
        break;
    case OPT_MAX_SIZE:
        o->conf.max_size = parse_number(name, optarg, 1, INT64_MAX);
        break;
    case OPT_CHAIN_AAD_FIRST:
        o->conf.chain_aad_first = true;
        break;
    case OPT_AEAD_AAD_FIRST:
        o->conf.aead_aad_first = true;
        break;
    case OPT_NO_SANDBOX:
        o->no_sandbox = true;
        break;
    case OPT_HELP:
        fputs(usage, stdout);
        exit(EXIT_SUCCESS);
    case OPT_VERSION:
        puts("vhost-user-crypto version " QEMU_FULL_VERSION);
        exit(EXIT_SUCCESS);
    default:
        error_report("try --help");
        exit(EXIT_FAILURE);
    }
}

/* Says what this is, whatever else there is on the command line. */
static void print_capabilities(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (g_str_equal(argv[i], "--print-capabilities")) {
            puts("{\n  \"type\": \"crypto\"\n}");
            exit(EXIT_SUCCESS);
        }
    }
}

static void parse_command_line(Options *o, Object *backend, int argc,
                               char **argv)
{
    int opt, index;

    while ((opt = getopt_long(argc, argv, "", long_options, &index)) != -1) {
        parse_option(o, backend, opt,
                     opt == '?' ? NULL : long_options[index].name);
    }
    if (optind < argc) {
        error_report("'%s' is not an option, try --help", argv[optind]);
        exit(EXIT_FAILURE);
    }
    if (!o->socket_path == (o->fd < 0)) {
        error_report("either --socket-path or --fd is needed");
        exit(EXIT_FAILURE);
    }
}

static CryptoDevBackend *complete_backend(Object *obj)
{
    CryptoDevBackend *backend = CRYPTODEV_BACKEND(obj);

    if (backend->queues >= VU_CRYPTO_QUEUES_MAX) {
        error_report("--queues must be between 1 and %d",
                     VU_CRYPTO_QUEUES_MAX - 1);
        exit(EXIT_FAILURE);
    }
    object_property_add_child(object_get_objects_root(), "crypto", obj);
    user_creatable_complete(USER_CREATABLE(obj), &error_fatal);
    return backend;
}

/* Connections */

static void terminate(int signum)
{
    quit = true;
    qemu_notify_event();
}

static void accept_connection(void *opaque)
{
    int fd = qemu_accept(listener, NULL, NULL);

    if (fd >= 0) {
        vu_crypto_connect(&server, fd);
    }
}

/* Listen, or take the connection that we are given. */
static void open_socket(const Options *o)
{
    int listens = 0;
    socklen_t len = sizeof(listens);

    if (o->socket_path) {
        listener = unix_listen(o->socket_path, &error_fatal);
        return;
    }
    if (getsockopt(o->fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &len) < 0) {
        error_report("--fd=%d is not a socket", o->fd);
        exit(EXIT_FAILURE);
    }
    if (listens) {
        listener = o->fd;
    } else {
        vu_crypto_connect(&server, o->fd);
    }
}

/* One virtual machine after the other; the next one waits in the backlog. */
static void serve(void)
{
    bool listens = false;

    while (!quit && (server.connected || listener >= 0)) {
        if (listener >= 0 && listens == server.connected) {
            listens = !server.connected;
            qemu_set_fd_handler(listener, listens ? accept_connection : NULL,
                                NULL, NULL);
        }
        main_loop_wait(false);
    }
}

int main(int argc, char **argv)
{
    Options options = { .fd = -1, .conf = { .max_sessions = 16384 } };
    struct sigaction action = { .sa_handler = terminate };
    CryptoDevBackend *backend;
    Object *obj;

    print_capabilities(argc, argv);
    error_init(argv[0]);
    signal(SIGPIPE, SIG_IGN);
    module_call_init(MODULE_INIT_QOM);
    qemu_init_main_loop(&error_fatal);
    obj = object_new(BACKEND_TYPE);
    parse_command_line(&options, obj, argc, argv);
    backend = complete_backend(obj);
    vu_crypto_init(&server, backend, &options.conf);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    open_socket(&options);
    if (!options.no_sandbox) {
        vu_crypto_keep_secrets();
        vu_crypto_enter_sandbox(&error_fatal);
    }
    serve();
    vu_crypto_cleanup(&server);
    object_unparent(obj);
    object_unref(obj);
    return EXIT_SUCCESS;
}
