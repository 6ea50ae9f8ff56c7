/*
 * Cryptodev backends: the human monitor's view
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "monitor/hmp.h"
#include "monitor/monitor.h"
#include "qapi/qapi-commands-cryptodev.h"

static void print_services(Monitor *mon, const QCryptodevInfo *info)
{
    g_autoptr(GString) services = g_string_new("");

    for (QCryptodevBackendServiceTypeList *sl = info->service; sl;
         sl = sl->next) {
        g_string_append_printf(services, "%s%s", services->len ? "|" : "",
                               QCryptodevBackendServiceType_str(sl->value));
    }
    monitor_printf(mon, "%s: service=[%s]\n", info->id, services->str);
}

static void print_state(Monitor *mon, const QCryptodevInfo *info)
{
    const char *server = !info->has_connected ? "" :
                         info->connected ? ", connected" : ", not connected";

    monitor_printf(mon, "    %s%s, used by %s%s\n",
                   info->ready ? "ready" : "not ready", server,
                   info->device ?: "no device",
                   !info->device ? "" : info->driver ? " with a driver" :
                                                       " without a driver");
    monitor_printf(mon, "    sessions=%" PRIu64 " refused=%" PRIu64
                   " waiting=%" PRIu64 " running=%" PRIu64 "\n",
                   info->sessions, info->refused, info->waiting,
                   info->running);
}

/* A line for each library */
static void print_algorithms(Monitor *mon, const QCryptodevInfo *info)
{
    for (CryptodevProvider p = 0; p < CRYPTODEV_PROVIDER__MAX; p++) {
        g_autoptr(GString) names = g_string_new("");

        for (QCryptodevAlgoList *al = info->algorithms; al; al = al->next) {
            if (al->value->provider == p) {
                g_string_append_printf(names, " %s", al->value->name);
            }
        }
        if (names->len) {
            monitor_printf(mon, "    %s:%s\n", CryptodevProvider_str(p),
                           names->str);
        }
    }
}

void hmp_info_cryptodev(Monitor *mon, const QDict *qdict)
{
    g_autoptr(QCryptodevInfoList) list = qmp_query_cryptodev(NULL);

    for (QCryptodevInfoList *il = list; il; il = il->next) {
        print_services(mon, il->value);
        for (QCryptodevBackendClientList *cl = il->value->client; cl;
             cl = cl->next) {
            monitor_printf(mon, "    queue %" PRIu32 ": type=%s\n",
                           cl->value->queue,
                           QCryptodevBackendType_str(cl->value->type));
        }
        print_state(mon, il->value);
        print_algorithms(mon, il->value);
    }
}
