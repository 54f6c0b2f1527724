/* impair_link.c - a cable that takes long, or loses some of what goes through it.
 *
 *     impair-link [--delay-ms MS] [--loss-percent PERCENT] FROM TO
 *
 * Carries Ethernet frames between two interfaces of this network namespace, which it takes
 * for its own: those that come in on FROM late, or not at all; those that come in on TO at
 * once. It prints "ready" when it has begun, and ends with a signal, or when an interface
 * goes. Needs CAP_NET_RAW. contrib/kill uses it: not every kernel has tc's netem.
 *
 * Frames are as large as the kernel passes them on (some 64 KiB, which is 45 on a real
 * wire), with their checksums still to be made: packet sockets with PACKET_VNET_HDR hand
 * that on, too. See packet(7). */
#include "base/clock.h"
#include "base/queue.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#define DELAY_MS_MAX  10000
#define FRAME_MAX     (sizeof(struct virtio_net_hdr) + 128 * 1024)
#define WAITING_MAX   (64 * 1024 * 1024) /* Bytes under way; more are lost, as in a real queue. */
#define FRAMES_A_TURN 64                 /* Of one side, before the other one's turn. */
#define SOCKET_BUFFER (8 * 1024 * 1024)

/* One that is under way. */
struct frame {
    struct queue link;
    uint64_t due_us;
    size_t size;
    unsigned char bytes[];
};

struct cable {
    int from;
    int to;
    uint64_t delay_us;
    unsigned loss_percent;
    struct queue waiting; /* All wait as long, so they are in order. */
    size_t n_waiting;     /* Bytes. */
    unsigned char buffer[FRAME_MAX];
};

/* A packet socket for all that comes in on the interface NAME; -1 if there is none, and why
 * is told. */
static int open_end(const char *name)
{
    struct sockaddr_ll address = {
        .sll_family = AF_PACKET,
        .sll_protocol = htons(ETH_P_ALL),
        .sll_ifindex = (int)if_nametoindex(name),
    };
    const int on = 1;
    const int size = SOCKET_BUFFER;
    int fd;

    if (address.sll_ifindex == 0) {
        fprintf(stderr, "impair-link: interface %s: %s\n", name, strerror(errno));
        return -1;
    }
    /* Without a protocol it gets nothing until it is bound to the one interface. */
    fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd == -1 || setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on) == -1 ||
        setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) == -1 ||
        setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) == -1 ||
        setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) == -1 ||
        bind(fd, (const struct sockaddr *)&address, sizeof address) == -1) {
        fprintf(stderr, "impair-link: a packet socket on %s: %s\n", name, strerror(errno));
        return -1;
    }
    return fd;
}

/* Returns false if the interface is gone. What it can't take now is lost, as on a wire. */
static bool send_frame(int fd, const unsigned char *bytes, size_t size)
{
    return write(fd, bytes, size) != -1 || (errno != ENXIO && errno != ENODEV && errno != ENETDOWN);
}

static bool is_lost(const struct cable *cable)
{
    uint32_t chance = 0;

    if (cable->loss_percent == 0) {
        return false;
    }
    /* It can't fail for so few bytes. */
    (void)getrandom(&chance, sizeof chance, 0);
    return chance % 100 < cable->loss_percent;
}

/* Without memory, or with too much under way, the frame is lost. */
static void let_wait(struct cable *cable, size_t size)
{
    struct frame *frame;

    if (cable->n_waiting + size > WAITING_MAX) {
        return;
    }
    frame = malloc(sizeof *frame + size);
    if (frame == NULL) {
        return;
    }
    frame->due_us = clock_monotonic_us() + cable->delay_us;
    frame->size = size;
    memcpy(frame->bytes, cable->buffer, size);
    queue_push(&cable->waiting, &frame->link);
    cable->n_waiting += size;
}

/* Takes what came in on FD. Returns false if the interface is gone. */
static bool take(struct cable *cable, int fd)
{
    for (int i = 0; i < FRAMES_A_TURN; i++) {
        ssize_t size = read(fd, cable->buffer, sizeof cable->buffer);

        if (size == -1) {
            return errno == EAGAIN || errno == EINTR || errno == ENOBUFS;
        }
        if (fd == cable->to) {
            if (!send_frame(cable->from, cable->buffer, (size_t)size)) {
                return false;
            }
        } else if (!is_lost(cable)) {
            let_wait(cable, (size_t)size);
        }
    }
    return true;
}

static struct frame *first_waiting(const struct cable *cable)
{
    return queue_empty(&cable->waiting) ? NULL
                                        : queue_object(cable->waiting.next, struct frame, link);
}

/* Sends what is due. Returns false if the interface is gone. */
static bool deliver(struct cable *cable)
{
    struct frame *frame;
    bool there = true;

    while (there && (frame = first_waiting(cable)) != NULL &&
           frame->due_us <= clock_monotonic_us()) {
        there = send_frame(cable->to, frame->bytes, frame->size);
        queue_remove(&frame->link);
        cable->n_waiting -= frame->size;
        free(frame);
    }
    return there;
}

/* Until something comes in, or is due. */
static bool await(struct cable *cable, struct pollfd ends[2])
{
    const struct frame *frame = first_waiting(cable);
    uint64_t due_us = frame == NULL ? CLOCK_NEVER_US : frame->due_us;

    return poll(ends, 2, clock_poll_timeout_ms(due_us)) != -1 || errno == EINTR;
}

static void run(struct cable *cable)
{
    struct pollfd ends[2] = {
        {.fd = cable->from, .events = POLLIN},
        {.fd = cable->to, .events = POLLIN},
    };
    bool there = true;

    while (there && await(cable, ends)) {
        there = (ends[0].revents == 0 || take(cable, cable->from)) &&
                (ends[1].revents == 0 || take(cable, cable->to)) && deliver(cable);
    }
    fprintf(stderr, "impair-link: an interface is gone: %s\n", strerror(errno));
}

/* 0 to MAX; -1 for anything else. */
static long read_number(const char *text, long max)
{
    char *end;
    long number;

    errno = 0;
    number = strtol(text, &end, 10);
    return end == text || *end != '\0' || errno != 0 || number < 0 || number > max ? -1 : number;
}

static int usage(void)
{
    fprintf(stderr, "usage: impair-link [--delay-ms 0..%d] [--loss-percent 0..100] FROM TO\n",
            DELAY_MS_MAX);
    return 2;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"delay-ms", required_argument, NULL, 'd'},
        {"loss-percent", required_argument, NULL, 'l'},
        {0},
    };
    static struct cable cable;
    long delay_ms = 0;
    long loss_percent = 0;
    int c;

    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'd':
            delay_ms = read_number(optarg, DELAY_MS_MAX);
            break;
        case 'l':
            loss_percent = read_number(optarg, 100);
            break;
        default:
            return usage();
        }
    }
    if (delay_ms < 0 || loss_percent < 0 || argc - optind != 2) {
        return usage();
    }
    queue_init(&cable.waiting);
    cable.delay_us = (uint64_t)delay_ms * 1000;
    cable.loss_percent = (unsigned)loss_percent;
    cable.from = open_end(argv[optind]);
    cable.to = open_end(argv[optind + 1]);
    if (cable.from == -1 || cable.to == -1) {
        return 1;
    }
    puts("ready");
    fflush(stdout);
    run(&cable);
    return 1;
}
