/*
 * virtio-crypto client: search a process for secrets
 *
 * Each form of a secret is cut into words of 8 bytes.  A match of VC_SECRET_MIN
 * bytes always includes one whole word.  So the search looks up every 8 bytes
 * of the memory among the words; if it finds one, it compares the bytes around
 * it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/units.h"
#include "virtio-crypto-secrets.h"

#define WORD            8
#define FILTER_BITS     20
#define BUFFER_SIZE     (16 * MiB)

/* The bytes of a secret as they may stand in memory */
typedef struct Form {
    unsigned secret;
    uint8_t *bytes;
    size_t len;
} Form;

typedef struct Word {
    uint64_t value;
    unsigned form;
    size_t offset;
} Word;

struct VCSecrets {
    GArray *secrets;
    GArray *forms;
    GArray *words;              /* sorted before a search */
    bool sorted;
    uint8_t filter[(1 << FILTER_BITS) / 8];
};

static void clear_secret(gpointer data)
{
    VCSecret *secret = data;

    g_free(secret->name);
    g_free(secret->where);
}

static void clear_form(gpointer data)
{
    g_free(((Form *)data)->bytes);
}

VCSecrets *vc_secrets_new(void)
{
    VCSecrets *s = g_new0(VCSecrets, 1);

    s->secrets = g_array_new(false, false, sizeof(VCSecret));
    s->forms = g_array_new(false, false, sizeof(Form));
    s->words = g_array_new(false, false, sizeof(Word));
    g_array_set_clear_func(s->secrets, clear_secret);
    g_array_set_clear_func(s->forms, clear_form);
    return s;
}

void vc_secrets_free(VCSecrets *s)
{
    g_array_free(s->secrets, true);
    g_array_free(s->forms, true);
    g_array_free(s->words, true);
    g_free(s);
}

static uint32_t filter_bit(uint64_t word)
{
    return word * 0x9e3779b97f4a7c15ull >> (64 - FILTER_BITS);
}

static void add_words(VCSecrets *s, const Form *form)
{
    for (size_t at = 0; at + WORD <= form->len; at += WORD) {
        Word word = { ldq_he_p(form->bytes + at), s->forms->len, at };
        uint32_t bit = filter_bit(word.value);

        s->filter[bit / 8] |= 1 << bit % 8;
        g_array_append_val(s->words, word);
    }
    g_array_append_val(s->forms, *form);
    s->sorted = false;
}

/* @bytes, most significant first, times 2^@shift, without what is not whole */
static Form shifted_form(const VCSecrets *s, const uint8_t *bytes, size_t len,
                         unsigned shift, bool reversed)
{
    size_t n = shift ? len - 1 : len;
    Form form = { s->secrets->len, g_malloc(n), n };

    for (size_t i = 0; i < n; i++) {
        uint8_t byte = bytes[i] << shift |
                       (shift ? bytes[i + 1] >> (8 - shift) : 0);

        form.bytes[reversed ? n - 1 - i : i] = byte;
    }
    return form;
}

void vc_secrets_add(VCSecrets *s, const char *name, const uint8_t *bytes,
                    size_t len)
{
    VCSecret secret = { g_strdup(name), len };

    g_assert_cmpuint(len, >=, VC_SECRET_MIN);
    /* a whole byte more is another place of the same bytes */
    for (unsigned shift = 0; shift < 8; shift++) {
        for (int reversed = 0; reversed < 2; reversed++) {
            Form form = shifted_form(s, bytes, len, shift, reversed);

            add_words(s, &form);
        }
    }
    g_array_append_val(s->secrets, secret);
}

static gint compare_words(gconstpointer a, gconstpointer b)
{
    const Word *x = a, *y = b;

    return x->value < y->value ? -1 : x->value > y->value;
}

/* Bytes that are the same at @at of the memory and around @word */
static size_t run_around(const Form *form, const Word *word,
                         const uint8_t *mem, size_t at, size_t len)
{
    size_t before = 0, after = WORD;

    while (before < MIN(at, word->offset) &&
           mem[at - before - 1] == form->bytes[word->offset - before - 1]) {
        before++;
    }
    while (after < MIN(len - at, form->len - word->offset) &&
           mem[at + after] == form->bytes[word->offset + after]) {
        after++;
    }
    return before + after;
}

static void look_at(VCSecrets *s, uint64_t value, const char *where,
                    const uint8_t *mem, size_t at, size_t len)
{
    const Word *words = (const Word *)s->words->data;
    unsigned low = 0, high = s->words->len;

    while (low < high) {
        unsigned mid = (low + high) / 2;

        if (words[mid].value < value) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    for (; low < s->words->len && words[low].value == value; low++) {
        const Form *form = &g_array_index(s->forms, Form, words[low].form);
        VCSecret *secret = &g_array_index(s->secrets, VCSecret, form->secret);
        size_t run = run_around(form, &words[low], mem, at, len);

        /* shifted by some bits, the last byte is not whole */
        run += form->len < secret->len && run == form->len;
        if (run >= VC_SECRET_MIN && run > secret->found) {
            secret->found = run;
            g_free(secret->where);
            secret->where = g_strdup(where);
        }
    }
}

void vc_secrets_look(VCSecrets *s, const char *where, const uint8_t *mem,
                     size_t len)
{
    if (!s->sorted) {
        g_array_sort(s->words, compare_words);
        s->sorted = true;
    }
    for (size_t at = 0; at + WORD <= len; at++) {
        uint64_t value = ldq_he_p(mem + at);
        uint32_t bit = filter_bit(value);

        if (s->filter[bit / 8] & 1 << bit % 8) {
            look_at(s, value, where, mem, at, len);
        }
    }
}

/* A process */

#define PAGES           4096

/* Sanitizers map terabytes for their records of other memory. */
#define MAPPING_MAX     (64 * GiB)

/**
 * Process:
 *
 * @entries: of pagemap, for PAGES pages from number @first on
 */
typedef struct Process {
    int mem, pagemap;
    size_t page;
    uint8_t *buffer;
    uint64_t first;
    uint64_t entries[PAGES];
} Process;

static int open_proc(pid_t pid, const char *name)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/%s", (int)pid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        g_error("%s: %s", path, strerror(errno));
    }
    return fd;
}

/* Whether a page was ever used */
static bool page_exists(Process *p, uint64_t addr)
{
    uint64_t number = addr / p->page;

    if (number < p->first || number - p->first >= PAGES) {
        memset(p->entries, 0, sizeof(p->entries));
        g_assert_cmpint(pread(p->pagemap, p->entries, sizeof(p->entries),
                              number * sizeof(p->entries[0])), >, 0);
        p->first = number;
    }
    return p->entries[number - p->first] >> 62;     /* present, or in swap */
}

/* The end of the pages from @addr on that exist, and fit in the buffer */
static uint64_t pages_end(Process *p, uint64_t addr, uint64_t end)
{
    end = MIN(end, addr + BUFFER_SIZE);
    while (addr < end && page_exists(p, addr)) {
        addr += p->page;
    }
    return addr;
}

static size_t search_mapping(VCSecrets *s, Process *p, const char *where,
                             uint64_t addr, uint64_t end)
{
    size_t searched = 0;

    while (addr < end) {
        uint64_t stop = pages_end(p, addr, end);
        ssize_t n = pread(p->mem, p->buffer, stop - addr, addr);

        if (n > 0) {
            vc_secrets_look(s, where, p->buffer, n);
            searched += n;
        }
        /* what lies across two bufferfuls is found in the second one */
        addr = stop == addr || stop == end || !page_exists(p, stop) ?
               stop + p->page : stop - p->page;
    }
    return searched;
}

static void forget_found(VCSecrets *s)
{
    for (int i = 0; i < s->secrets->len; i++) {
        VCSecret *secret = &g_array_index(s->secrets, VCSecret, i);

        secret->found = 0;
        g_clear_pointer(&secret->where, g_free);
    }
}

size_t vc_secrets_search(VCSecrets *s, pid_t pid, const char *except)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/maps", (int)pid);
    g_autofree uint8_t *buffer = g_malloc(BUFFER_SIZE);
    Process p = {
        .mem = open_proc(pid, "mem"), .pagemap = open_proc(pid, "pagemap"),
        .page = qemu_real_host_page_size(), .buffer = buffer,
        .first = UINT64_MAX,
    };
    g_autoptr(GError) err = NULL;
    g_autofree char *maps = NULL;
    g_auto(GStrv) lines = NULL;
    size_t searched = 0;

    g_file_get_contents(path, &maps, NULL, &err);
    g_assert_no_error(err);
    lines = g_strsplit(maps, "\n", 0);
    forget_found(s);
    for (char **line = lines; *line; line++) {
        uint64_t addr, end;
        char access[5];

        if (sscanf(*line, "%" SCNx64 "-%" SCNx64 " %4s", &addr, &end,
                   access) == 3 &&
            access[1] == 'w' && end - addr <= MAPPING_MAX &&
            !strstr(*line, except)) {
            searched += search_mapping(s, &p, *line, addr, end);
        }
    }
    close(p.mem);
    close(p.pagemap);
    return searched;
}

const VCSecret *vc_secrets_get(const VCSecrets *s, unsigned i)
{
    return i < s->secrets->len ? &g_array_index(s->secrets, VCSecret, i) :
                                 NULL;
}
