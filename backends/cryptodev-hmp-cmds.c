/*
 * Cryptodev backends: the human monitor's view
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "monitor/hmp.h"
#include "monitor/monitor.h"
#include "qapi/qapi-commands-cryptodev.h"

void hmp_info_cryptodev(Monitor *mon, const QDict *qdict)
{
    g_autoptr(QCryptodevInfoList) list = qmp_query_cryptodev(NULL);

    for (QCryptodevInfoList *il = list; il; il = il->next) {
        QCryptodevInfo *info = il->value;
        g_autoptr(GString) services = g_string_new("");

        for (QCryptodevBackendServiceTypeList *sl = info->service; sl;
             sl = sl->next) {
            g_string_append_printf(services, "%s%s", services->len ? "|" : "",
                                   QCryptodevBackendServiceType_str(sl->value));
        }
        monitor_printf(mon, "%s: service=[%s]\n", info->id, services->str);
        for (QCryptodevBackendClientList *cl = info->client; cl;
             cl = cl->next) {
            monitor_printf(mon, "    queue %" PRIu32 ": type=%s\n",
                           cl->value->queue,
                           QCryptodevBackendType_str(cl->value->type));
        }
    }
}
