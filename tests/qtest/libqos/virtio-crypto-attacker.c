/*
 * virtio-crypto client: random steps of a hostile guest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "../libqtest.h"
#include "hw/pci/pci_regs.h"
#include "standard-headers/linux/virtio_config.h"
#include "standard-headers/linux/virtio_ring.h"
#include "virtio-crypto-akcipher.h"
#include "virtio-crypto-attacker.h"

#define CRYPTO_OPTIONS \
    ",vectors=5,packed=on,in_order=on,revision-1=on,stateless-cipher=on," \
    "stateless-hash=on,stateless-mac=on,stateless-aead=on"
#define MACHINE \
    "-machine q35 -nodefaults -device virtio-crypto-pci,cryptodev=cryptodev0," \
    "addr=04.0" CRYPTO_OPTIONS "%s -object cryptodev-backend-builtin," \
    "id=cryptodev0,queues=2 " VC_THREAD VC_DISK VC_VGA                      \
    " -object cryptodev-backend-builtin,id=cryptodev1,queues=2"             \
    " -device virtio-crypto-pci,cryptodev=cryptodev1,addr=05.0"             \
    CRYPTO_OPTIONS "%s"

/* Parts of the memory of a queue */
#define AT_DESC         0
#define AT_AVAIL        (32 * KiB)
#define AT_USED         (64 * KiB)
#define AT_SESSIONS     (96 * KiB)      /* outcomes of creations, of queue 0 */
#define AT_MESSAGES     (128 * KiB)
#define MESSAGE_LEN     (4 * KiB)
#define MESSAGES        ((VC_ATTACK_QUEUE_MEM - AT_MESSAGES) / MESSAGE_LEN)

/* Parts of a message */
#define AT_IN           (2 * KiB)
#define AT_TABLE        (3 * KiB)

unsigned vc_attack_below(VCAttack *a, unsigned n)
{
    return g_rand_int_range(a->rand, 0, n);
}

/* Starting and ending */

static void init_target(VCTarget *t, VCClient *vc)
{
    t->dev = vc->pci;
    t->home = vc->pci->bar.addr;
    t->mem = guest_alloc(vc->alloc, VC_ATTACK_QUEUES * VC_ATTACK_QUEUE_MEM);
    qpci_msix_enable(vc->pci->pdev);
}

static void load_key(VCAttack *a)
{
    const char *hex = vc_rsa_key(VC_RSA_2048, VC_PRIVATE);

    a->key_len = strlen(hex) / 2;
    a->key = g_malloc(a->key_len);
    for (size_t i = 0; i < a->key_len; i++) {
        a->key[i] = g_ascii_xdigit_value(hex[2 * i]) << 4 |
                    g_ascii_xdigit_value(hex[2 * i + 1]);
    }
}

void vc_attack_start(VCAttack *a, uint32_t seed, bool iothread)
{
    const char *thread = iothread ? ",iothread=iothread0" : "";
    g_autofree char *options = g_strdup_printf(MACHINE, thread, thread);

    *a = (VCAttack) { .rand = g_rand_new_with_seed(seed) };
    vc_machine_start_shared(&a->machine, options);
    a->own = vc_machine_open(&a->machine, QPCI_DEVFN(4, 0));
    a->other = vc_machine_open(&a->machine, QPCI_DEVFN(5, 0));
    a->disk = vc_disk_open(a->machine.bus, &a->machine.alloc);
    a->vga = vc_vga_open(a->machine.bus, &a->vga_mem);
    init_target(&a->targets[0], a->own);
    init_target(&a->targets[1], a->other);
    load_key(a);
}

void vc_attack_go_home(VCAttack *a)
{
    for (int i = 0; i < ARRAY_SIZE(a->targets); i++) {
        VCTarget *t = &a->targets[i];

        vc_move_registers(t->dev, t->home);
        qpci_config_writew(t->dev->pdev, PCI_COMMAND,
                           PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
    }
    vc_pci_memory(a->vga, true);
}

static void check_client(VCClient *vc)
{
    vc_restart(vc);
    vc_check_alive(vc, VC_STD);
    vc_machine_close(vc);
}

void vc_attack_end(VCAttack *a)
{
    qtest_qmp_assert_success(a->machine.qts, "{ 'execute': 'cont' }");
    vc_set_ready(a->own, true);
    vc_attack_go_home(a);
    for (int i = 0; i < ARRAY_SIZE(a->targets); i++) {
        vc_attack_write(a, &a->targets[i],
                        offsetof(struct virtio_pci_common_cfg, device_status),
                        1, 0);
        qpci_msix_disable(a->targets[i].dev->pdev);
    }
    vc_disk_restart(a->disk, 0);
    vc_disk_start(a->disk);
    vc_disk_finish(a->own, a->disk);
    vc_disk_close(a->disk);
    check_client(a->own);
    check_client(a->other);
    g_free(a->vga);
    g_free(a->key);
    g_rand_free(a->rand);
    vc_machine_end(&a->machine);
}

/* Addresses */

static uint64_t ram_address(VCAttack *a)
{
    VCTarget *t = &a->targets[vc_attack_below(a, 2)];

    return t->mem + vc_attack_below(a, VC_ATTACK_QUEUES * VC_ATTACK_QUEUE_MEM);
}

uint64_t vc_attack_address(VCAttack *a)
{
    VCTarget *t = &a->targets[vc_attack_below(a, 2)];
    unsigned n = vc_attack_below(a, 128);

    switch (vc_attack_below(a, 12)) {
    case 0:
        return vc_register(t->dev, vc_attack_below(a, 64));
    case 1:
        return vc_register(t->dev, 0) + vc_ring_offset(VC_RING_USED,
                                                       n % 4);
    case 2:
        return t->dev->bar.addr + t->dev->notify_cfg_offset + n;
    case 3:
        return t->dev->bar.addr + n * 64;
    case 4:
        return a->vga_mem + n;
    case 5:
        return VC_RAM_END - n;
    case 6:
        return VC_HOLE + n;
    case 7:
        return n & 1 ? VC_FAR_HOLE : VC_ROM + n;
    case 8:
        return n & 1 ? UINT64_MAX - n : n;
    default:
        return ram_address(a);
    }
}

/* Registers */

void vc_attack_write(VCAttack *a, VCTarget *t, unsigned offset, unsigned size,
                     uint32_t value)
{
    QTestState *qts = a->machine.qts;
    uint64_t addr = vc_register(t->dev, offset);

    if (size == 1) {
        qtest_writeb(qts, addr, value);
    } else if (size == 2) {
        qtest_writew(qts, addr, value);
    } else {
        qtest_writel(qts, addr, value);
    }
}

#define WRITE(_name, _value) \
    vc_attack_write(a, t, offsetof(struct virtio_pci_common_cfg, _name), \
                    sizeof_field(struct virtio_pci_common_cfg, _name), _value)

static void set_features(VCAttack *a, VCTarget *t)
{
    uint64_t features = 1ull << VIRTIO_F_VERSION_1 |
                        1ull << VIRTIO_RING_F_INDIRECT_DESC;

    t->packed = !vc_attack_below(a, 3);
    features |= t->packed ? 1ull << VIRTIO_F_RING_PACKED : 0;
    features |= vc_attack_below(a, 4) ? 0 : 1ull << VIRTIO_F_IN_ORDER;
    features |= vc_attack_below(a, 3) ? 0 : 1ull << VIRTIO_RING_F_EVENT_IDX;
    if (!vc_attack_below(a, 4)) {
        features |= VC_F_REVISION_1 | VC_F_STATELESS_ALL;
    }
    for (int i = 0; i < 2; i++) {
        WRITE(guest_feature_select, i);
        WRITE(guest_feature, features >> (32 * i));
    }
}

static uint64_t queue_mem(const VCTarget *t, unsigned queue)
{
    return t->mem + queue * VC_ATTACK_QUEUE_MEM;
}

static void set_up_queue(VCAttack *a, VCTarget *t, unsigned queue)
{
    static const uint16_t sizes[] = { 2, 4, 8, 16, 64, 256, 1024 };
    uint64_t mem = queue_mem(t, queue);

    t->size[queue] = sizes[vc_attack_below(a, ARRAY_SIZE(sizes))];
    t->next[queue] = t->avail[queue] = 0;
    t->wrap[queue] = true;
    memset(a->machine.ram + mem, 0, AT_SESSIONS);
    WRITE(queue_select, queue);
    WRITE(queue_size, t->size[queue]);
    WRITE(queue_msix_vector, queue + 1);
    WRITE(queue_desc_lo, mem + AT_DESC);
    WRITE(queue_desc_hi, 0);
    WRITE(queue_avail_lo, mem + AT_AVAIL);
    WRITE(queue_avail_hi, 0);
    WRITE(queue_used_lo, mem + AT_USED);
    WRITE(queue_used_hi, 0);
    WRITE(queue_enable, 1);
}

void vc_attack_set_up(VCAttack *a, VCTarget *t)
{
    static const uint8_t status[] = {
        0, VIRTIO_CONFIG_S_ACKNOWLEDGE,
        VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER,
    };
    uint8_t now = status[2] | VIRTIO_CONFIG_S_FEATURES_OK;

    for (int i = 0; i < ARRAY_SIZE(status); i++) {
        WRITE(device_status, status[i]);
    }
    set_features(a, t);
    WRITE(device_status, now);
    for (int queue = 0; queue < VC_ATTACK_QUEUES; queue++) {
        set_up_queue(a, t, queue);
    }
    WRITE(device_status, now | VIRTIO_CONFIG_S_DRIVER_OK);
}

/* Messages */

static uint64_t outcome_of(const VCTarget *t, bool rsa)
{
    return t->mem + AT_SESSIONS + (rsa ? 16 : 0);
}

/* The last session that was made; it may be gone, or never have been. */
static uint64_t last_session(VCAttack *a, const VCTarget *t, bool rsa)
{
    return vc_attack_below(a, 16) ?
           ldq_le_p(a->machine.ram + outcome_of(t, rsa)) : g_rand_int(a->rand);
}

/*
 * The halves of a message: each of these returns the bytes of the readable one
 * and sets those of the writable one.
 */
static size_t put_create(VCAttack *a, bool rsa, uint8_t *out, size_t *in_len)
{
    *in_len = 16;
    stl_le_p(out, rsa ? VC_AKCIPHER_CREATE : VC_CIPHER_CREATE);
    if (rsa) {
        stl_le_p(out + 16, 1);
        stl_le_p(out + 20, VC_PRIVATE);
        stl_le_p(out + 24, a->key_len);
        memcpy(out + 72, a->key, a->key_len);
        return 72 + a->key_len;
    }
    stl_le_p(out + 16, VC_AES_CBC);
    stl_le_p(out + 20, 16);
    stl_le_p(out + 24, 1);
    stl_le_p(out + 64, 1);
    return 72 + 16;
}

static size_t put_destroy(VCAttack *a, const VCTarget *t, bool rsa,
                          uint8_t *out, size_t *in_len)
{
    *in_len = 1;
    stl_le_p(out, rsa ? VC_AKCIPHER_DESTROY : VC_CIPHER_DESTROY);
    stq_le_p(out + 16, last_session(a, t, rsa));
    return 72;
}

static size_t put_data(VCAttack *a, const VCTarget *t, bool rsa, uint8_t *out,
                       size_t *in_len)
{
    size_t len = rsa ? 256 : 16 * (1 + vc_attack_below(a, 60));

    *in_len = len + 1;
    stl_le_p(out, rsa ? VC_AKCIPHER_DECRYPT : VC_CIPHER_ENCRYPT);
    stq_le_p(out + 8, last_session(a, t, rsa));
    stl_le_p(out + 16, 1);
    if (rsa) {
        stl_le_p(out + 24, len);
        stl_le_p(out + 28, len);
        return 72 + len;
    }
    stl_le_p(out + 24, 16);
    stl_le_p(out + 28, len);
    stl_le_p(out + 32, len);
    stl_le_p(out + 64, 1);
    return 72 + 16 + len;
}

/* Of the draft: all is writable, and named by address. */
static size_t put_draft(VCAttack *a, const VCTarget *t, uint8_t *in,
                        size_t *in_len)
{
    const VCDataLayout *layout = &vc_data_layouts[VC_V11][VC_SERVICE_CIPHER];

    *in_len = layout->size;
    stl_le_p(in, VC_CIPHER_ENCRYPT);
    stq_le_p(in + 8, last_session(a, t, false));
    stl_le_p(in + layout->iv_len, 16);
    stl_le_p(in + layout->src_len, 64);
    stl_le_p(in + layout->dst_len, 64);
    stq_le_p(in + layout->iv_addr, ram_address(a));
    stq_le_p(in + layout->src, vc_attack_address(a));
    stl_le_p(in + layout->src + 8, 64);
    stl_le_p(in + layout->src + 12, vc_attack_below(a, 2));
    stq_le_p(in + layout->src + 16, ram_address(a));
    stq_le_p(in + layout->dst, vc_attack_address(a));
    stl_le_p(in + layout->dst + 8, 64);
    stl_le_p(in + layout->op_type, 1);
    return 0;
}

/* Fill in a message, and describe it.  Returns: the number of descriptors */
static unsigned put_message(VCAttack *a, const VCTarget *t, uint64_t at,
                            bool control, struct vring_desc desc[4])
{
    uint8_t *out = a->machine.ram + at, *in = out + AT_IN;
    unsigned what = vc_attack_below(a, 8), n = 0;
    bool create = control && what && what < 6, rsa = !vc_attack_below(a, 4);
    size_t out_len, in_len, cut;

    memset(out, 0, MESSAGE_LEN);
    out_len = what == 0 ? put_draft(a, t, in, &in_len) :
              create ? put_create(a, rsa, out, &in_len) :
              control ? put_destroy(a, t, rsa, out, &in_len) :
                        put_data(a, t, rsa, out, &in_len);
    cut = out_len ? 1 + vc_attack_below(a, out_len) : 0;
    for (int i = 0; i < 2; i++) {
        size_t len = i ? out_len - cut : cut;

        if (len) {
            desc[n++] = (struct vring_desc) { at + (i ? cut : 0), len };
        }
    }
    desc[n++] = (struct vring_desc) {
        create ? outcome_of(t, rsa) : at + AT_IN, in_len, VRING_DESC_F_WRITE
    };
    if (!vc_attack_below(a, 12)) {
        desc[vc_attack_below(a, n)].addr = vc_attack_address(a);
    }
    return n;
}

static void write_desc(VCAttack *a, uint64_t at, const struct vring_desc *d)
{
    uint8_t *p = a->machine.ram + at;

    stq_le_p(p, d->addr);
    stl_le_p(p + 8, d->len);
    stw_le_p(p + 12, d->flags);
    stw_le_p(p + 14, d->next);
}

/* A table of its own takes one descriptor of the ring. */
static unsigned make_indirect(VCAttack *a, uint64_t table, bool packed,
                              struct vring_desc *desc, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (i + 1 < n && !packed) {
            desc[i].flags |= VRING_DESC_F_NEXT;
            desc[i].next = i + 1;
        }
        write_desc(a, table + i * sizeof(*desc), &desc[i]);
    }
    desc[0] = (struct vring_desc) {
        table, n * sizeof(*desc), VRING_DESC_F_INDIRECT
    };
    return 1;
}

static void put_split(VCAttack *a, VCTarget *t, unsigned queue,
                      struct vring_desc *desc, unsigned n)
{
    uint64_t mem = queue_mem(t, queue);
    uint8_t *avail = a->machine.ram + mem + AT_AVAIL;
    uint16_t size = t->size[queue], head = t->next[queue];

    for (unsigned i = 0; i < n; i++) {
        uint16_t at = (head + i) % size;

        if (i + 1 < n) {
            desc[i].flags |= VRING_DESC_F_NEXT;
            desc[i].next = (at + 1) % size;
        }
        write_desc(a, mem + AT_DESC + at * sizeof(*desc), &desc[i]);
    }
    t->next[queue] = (head + n) % size;
    stw_le_p(avail + 4 + 2 * (t->avail[queue] % size), head);
    stw_le_p(avail + 2, ++t->avail[queue]);
}

/* Here the last two fields of a descriptor are id and flags. */
static void put_packed(VCAttack *a, VCTarget *t, unsigned queue,
                       struct vring_desc *desc, unsigned n)
{
    uint64_t mem = queue_mem(t, queue);
    uint16_t id = t->next[queue];

    for (unsigned i = 0; i < n; i++) {
        uint16_t flags = desc[i].flags |
                         (i + 1 < n ? VRING_DESC_F_NEXT : 0) |
                         (t->wrap[queue] ? 1 << VRING_PACKED_DESC_F_AVAIL :
                                           1 << VRING_PACKED_DESC_F_USED);

        desc[i].flags = id;
        desc[i].next = flags;
        write_desc(a, mem + AT_DESC + t->next[queue] * sizeof(*desc),
                   &desc[i]);
        if (++t->next[queue] == t->size[queue]) {
            t->next[queue] = 0;
            t->wrap[queue] = !t->wrap[queue];
        }
    }
}

void vc_attack_send(VCAttack *a, VCTarget *t, unsigned queue)
{
    uint64_t at = queue_mem(t, queue) + AT_MESSAGES +
                  vc_attack_below(a, MESSAGES) * MESSAGE_LEN;
    struct vring_desc desc[4];
    unsigned n;

    if (!t->size[queue]) {
        return;                         /* it was never set up */
    }
    n = put_message(a, t, at, queue == 2, desc);
    if (n > t->size[queue] || !vc_attack_below(a, 4)) {
        n = make_indirect(a, at + AT_TABLE, t->packed, desc, n);
    }
    if (t->packed) {
        put_packed(a, t, queue, desc, n);
    } else {
        put_split(a, t, queue, desc, n);
    }
}

void vc_attack_kick(VCAttack *a, VCTarget *t, unsigned queue)
{
    qtest_writew(a->machine.qts, t->dev->bar.addr + t->dev->notify_cfg_offset +
                 queue * t->dev->notify_off_multiplier, queue);
}

void vc_attack_spoil(VCAttack *a, VCTarget *t, unsigned queue)
{
    static const uint16_t odd[] = {
        0, 1, 2, 3, 4, 8, 255, 1024, 0x8000, 65535,
    };
    static const unsigned parts[] = { AT_DESC, AT_AVAIL, AT_USED };
    unsigned at = parts[vc_attack_below(a, ARRAY_SIZE(parts))] +
                  2 * vc_attack_below(a, vc_attack_below(a, 4) ? 8 : 256);
    uint8_t *p = a->machine.ram + queue_mem(t, queue) + at;

    stw_le_p(p, odd[vc_attack_below(a, ARRAY_SIZE(odd))]);
}
