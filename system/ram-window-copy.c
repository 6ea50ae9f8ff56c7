/*
 * A window on guest RAM: copies, whoever knows where the RAM is
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "system/ram-window.h"

bool ram_window_read(RAMWindow *window, hwaddr addr, void *buf, size_t len)
{
    while (len) {
        hwaddr piece = len;
        const void *p = ram_window_lookup(window, addr, &piece, false);

        if (!p) {
            return false;
        }
        memcpy(buf, p, piece);
        buf += piece;
        addr += piece;
        len -= piece;
    }
    return true;
}

bool ram_window_write(RAMWindow *window, hwaddr addr, const void *buf,
                      size_t len)
{
    while (len) {
        hwaddr piece = len;
        void *p = ram_window_lookup(window, addr, &piece, true);

        if (!p) {
            return false;
        }
        memcpy(p, buf, piece);
        ram_window_written(window, p, piece);
        buf += piece;
        addr += piece;
        len -= piece;
    }
    return true;
}
