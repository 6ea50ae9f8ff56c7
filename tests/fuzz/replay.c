/*
 * Fuzzing: a target as a test, without libFuzzer
 *
 * Runs the target's seeds, earlier findings (corpus/NAME), and a fixed number
 * of mutations of both.  With the option --seeds DIR it writes the seeds there
 * for libFuzzer; with --run FILE it runs one input.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "fuzz.h"

#define MUTATIONS_QUICK     10000
#define MUTATIONS_LONG      1000000

/* All inputs to begin with */
static GPtrArray *inputs;

/* The input at hand, to be printed if it is the last one */
static uint8_t input[FUZZ_INPUT_MAX];
static size_t input_len;

static void print_hex(const uint8_t *data, size_t len)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        const char text[] = { digits[data[i] >> 4], digits[data[i] & 15] };

        if (write(STDERR_FILENO, text, sizeof(text)) < 0) {
            return;
        }
    }
}

static void on_abort(int number)
{
    static const char what[] = "\n# the input, for xxd -r -p and --run: ";

    if (write(STDERR_FILENO, what, sizeof(what) - 1) > 0) {
        print_hex(input, input_len);
    }
    /* SA_RESETHAND: this time it ends the process */
    raise(number);
}

static void run(void)
{
    LLVMFuzzerTestOneInput(input, input_len);
}

static void load(const void *data, size_t len)
{
    input_len = MIN(len, sizeof(input));
    memcpy(input, data, input_len);
}

static void load_input(unsigned i)
{
    const GByteArray *a = g_ptr_array_index(inputs, i);

    load(a->data, a->len);
}

static void add_input(const uint8_t *data, size_t len, void *opaque)
{
    GByteArray *a = g_byte_array_new();

    g_byte_array_append(a, data, MIN(len, FUZZ_INPUT_MAX));
    g_ptr_array_add(inputs, a);
}

static void free_input(void *opaque)
{
    g_byte_array_unref(opaque);
}

/* What was found once */
static void add_corpus(const char *name)
{
    const char *dir = g_getenv("G_TEST_SRCDIR");
    g_autofree char *path = g_build_filename(dir ?: ".", "corpus", name, NULL);
    GDir *d = g_dir_open(path, 0, NULL);
    const char *entry;

    while (d && (entry = g_dir_read_name(d))) {
        g_autofree char *file = g_build_filename(path, entry, NULL);
        g_autofree char *data = NULL;
        gsize len;

        g_assert_true(g_file_get_contents(file, &data, &len, NULL));
        add_input((uint8_t *)data, len, NULL);
    }
    if (d) {
        g_dir_close(d);
    }
}

static void test_inputs(void)
{
    g_assert_cmpuint(inputs->len, >, 0);
    for (unsigned i = 0; i < inputs->len; i++) {
        load_input(i);
        run();
    }
}

static void mutate(GRand *rand)
{
    static const uint8_t odd[] = { 0, 1, 2, 4, 8, 16, 64, 0x7f, 0x80, 0xff };
    size_t at = input_len ? g_rand_int_range(rand, 0, input_len) : 0;
    size_t n = MIN(input_len - at, g_rand_int_range(rand, 1, 9));

    switch (g_rand_int_range(rand, 0, 6)) {
    case 0:                             /* cut the end off */
        input_len = g_rand_boolean(rand) ? at : input_len - MIN(input_len, 1);
        break;
    case 1:                             /* take some out */
        memmove(input + at, input + at + n, input_len - at - n);
        input_len -= n;
        break;
    case 2:                             /* repeat some */
        n = MIN(n, sizeof(input) - input_len);
        memmove(input + at + n, input + at, input_len - at);
        input_len += n;
        break;
    case 3:
        memset(input + at, odd[g_rand_int_range(rand, 0, ARRAY_SIZE(odd))], n);
        break;
    case 4:
        if (n) {
            input[at] ^= 1 << g_rand_int_range(rand, 0, 8);
        }
        break;
    default:
        if (n) {
            input[at] = g_rand_int(rand);
        }
    }
}

static void test_mutations(void)
{
    unsigned rounds = g_test_slow() ? MUTATIONS_LONG : MUTATIONS_QUICK;
    GRand *rand = g_rand_new_with_seed(15);

    for (unsigned i = 0; i < rounds; i++) {
        load_input(g_rand_int_range(rand, 0, inputs->len));
        for (int n = g_rand_int_range(rand, 1, 6); n; n--) {
            mutate(rand);
        }
        run();
    }
    g_rand_free(rand);
}

static int write_seeds(const char *dir)
{
    for (unsigned i = 0; i < inputs->len; i++) {
        const GByteArray *a = g_ptr_array_index(inputs, i);
        g_autofree char *path = g_strdup_printf("%s/seed-%u", dir, i);

        if (!g_file_set_contents(path, (char *)a->data, a->len, NULL)) {
            fprintf(stderr, "cannot write %s\n", path);
            return 1;
        }
    }
    return 0;
}

static int run_file(const char *path)
{
    g_autofree char *data = NULL;
    gsize len;

    if (!g_file_get_contents(path, &data, &len, NULL)) {
        fprintf(stderr, "cannot read %s\n", path);
        return 1;
    }
    load(data, len);
    run();
    return 0;
}

static int run_tests(const char *name)
{
    g_autofree char *all = g_strdup_printf("/fuzz/%s/inputs", name);
    g_autofree char *mutations = g_strdup_printf("/fuzz/%s/mutations", name);

    g_test_add_func(all, test_inputs);
    g_test_add_func(mutations, test_mutations);
    return g_test_run();
}

int main(int argc, char **argv)
{
    const struct sigaction on_abort_action = {
        .sa_handler = on_abort, .sa_flags = SA_RESETHAND,
    };
    g_autofree char *program = g_path_get_basename(argv[0]);
    const char *name = program + strlen("fuzz-");
    int ret;

    sigaction(SIGABRT, &on_abort_action, NULL);
    inputs = g_ptr_array_new_with_free_func(free_input);
    fuzz_seeds(add_input, NULL);
    add_corpus(name);
    if (argc == 3 && !strcmp(argv[1], "--seeds")) {
        ret = write_seeds(argv[2]);
    } else if (argc == 3 && !strcmp(argv[1], "--run")) {
        ret = run_file(argv[2]);
    } else {
        g_test_init(&argc, &argv, NULL);
        ret = run_tests(name);
    }
    g_ptr_array_unref(inputs);
    return ret;
}
