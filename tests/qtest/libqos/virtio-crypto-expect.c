/*
 * virtio-crypto client: the expected end of a message
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "../libqtest.h"
#include "virtio-crypto-expect.h"

VCMessage *vc_message_expecting(VCClient *vc, VCStatus expect)
{
    VCMessage *m = vc_message_new(vc);

    m->expect = g_new0(VCExpect, 1);
    m->expect->status = expect;
    return m;
}

static void free_output(VCOutput *output)
{
    if (output->pieces) {
        g_array_free(output->pieces, true);
    }
    g_free(output->bytes);
}

void vc_forget(VCMessage *m)
{
    free_output(&m->expect->data);
    free_output(&m->expect->digest);
    g_free(m->expect);
    vc_message_free(m);
}

static const char *status_name(VCStatus status)
{
    static const char *const names[] = {
        [VC_OK] = "OK",
        [VC_ERR] = "ERR",
        [VC_BADMSG] = "BADMSG",
        [VC_NOTSUPP] = "NOTSUPP",
        [VC_INVSESS] = "INVSESS",
        [VC_NOSPC] = "NOSPC",
        [VC_KEY_REJECTED] = "KEY_REJECTED",
        [VC_UNANSWERED] = "(no answer)",
        [VC_BROKEN] = "(device broken)",
    };

    return status < ARRAY_SIZE(names) ? names[status] : "(not a status)";
}

static VCStatus get_status(VCMessage *m)
{
    const VCExpect *expect = m->expect;
    VCStatus status;

    if (expect->status == VC_UNANSWERED) {
        return VC_UNANSWERED;
    }
    status = vc_get(m, expect->status_addr, expect->status_size);
    if (status != expect->status &&
        !(expect->may_be_invsess && status == VC_INVSESS)) {
        vc_fail(m->vc, "status is %s, not %s", status_name(status),
                status_name(expect->status));
    }
    vc_set(m, expect->status_addr, expect->status_size, status);
    return status;
}

static void expect_padding(VCMessage *m)
{
    const VCExpect *expect = m->expect;

    if (vc_get(m, expect->pad_addr, expect->pad_len) == 0) {
        vc_set(m, expect->pad_addr, expect->pad_len, 0);
    }
}

static void expect_session(VCMessage *m, VCStatus status)
{
    VCExpect *expect = m->expect;

    if (status == VC_OK) {
        expect->id = vc_get(m, expect->id_addr, 8);
    }
    vc_set(m, expect->id_addr, 8, expect->id);
}

static void expect_output(VCMessage *m, const VCOutput *output)
{
    g_autofree uint8_t *result = g_malloc0(output->len + 1);
    uint32_t done = 0;

    for (int i = 0; output->pieces && i < output->pieces->len; i++) {
        const VCDesc *piece = &g_array_index(output->pieces, VCDesc, i);
        uint32_t n = MIN(piece->len, output->len - done);

        vc_load(m, piece->addr, result + done, n);
        vc_store(m, piece->addr, (output->bytes ?: result) + done, n);
        done += n;
    }
    if (output->result) {
        memcpy(output->result, result, output->len);
    }
}

/* A decryption with a wrong tag leaves no plaintext. */
static void expect_zeroes(VCMessage *m)
{
    VCOutput zeroes = m->expect->data;

    zeroes.result = NULL;
    zeroes.bytes = g_malloc0(zeroes.len + 1);
    expect_output(m, &zeroes);
    g_free(zeroes.bytes);
}

/* Only the used length tells how long such a result is. */
static void take_data_len(VCMessage *m)
{
    VCExpect *expect = m->expect;
    uint32_t room = 0;

    for (int i = 0; i < expect->data.pieces->len; i++) {
        room += g_array_index(expect->data.pieces, VCDesc, i).len;
    }
    if (!m->used_len || m->used_len - 1 > room) {
        vc_fail(m->vc, "used length is %u in a buffer of %u", m->used_len,
                room);
    }
    expect->data.len = *expect->data_len_result = m->used_len - 1;
    expect->used_ok = m->used_len;
}

static void check_used_len(VCMessage *m, VCStatus status)
{
    const VCExpect *expect = m->expect;
    uint32_t expected = status == VC_UNANSWERED ? 0 :
                        status == VC_OK ? expect->used_ok : expect->used_failed;

    if (m->used_len != expected) {
        vc_fail(m->vc, "used length is %u, not %u", m->used_len, expected);
    }
}

VCStatus vc_check(VCMessage *m)
{
    VCExpect *expect = m->expect;
    VCStatus status = expect->status;

    if (status == VC_BROKEN) {
        vc_expect_broken(m->vc);
        vc_check_image(m);
        return status;
    }
    vc_wait(m);
    status = get_status(m);
    if (expect->id_addr && status != VC_UNANSWERED) {
        expect_session(m, status);
    }
    if (expect->pad_len) {
        expect_padding(m);
    }
    if (status == VC_OK && expect->data_len_result) {
        take_data_len(m);
    }
    if (status == VC_OK) {
        expect_output(m, &expect->data);
        expect_output(m, &expect->digest);
    } else if (status == VC_BADMSG) {
        expect_zeroes(m);
    }
    vc_check_image(m);
    check_used_len(m, status);
    return status;
}

VCStatus vc_finish(VCMessage *m)
{
    VCStatus status = vc_check(m);

    vc_forget(m);
    return status;
}
