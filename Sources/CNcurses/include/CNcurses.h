/* ncurses for Swift: functions, and no type or macro of the system's. What ncurses needs defined
   before the C library's headers gives them other types than Swift's own modules have, and a file that
   sees both does not compile; so those headers stay in the .c files. */
#ifndef CNCURSES_H
#define CNCURSES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- the screen (screen.c) --- */

/* Whether characters can be written as UTF-8; the caller's locale first, then C.UTF-8. */
bool nc_use_utf8(void);
/* Starts ncurses on a type of terminal, NULL for the environment's; false when it is unknown. */
bool nc_start(const char *_Nullable type);
/* Whether the terminal can place its cursor. */
bool nc_can_draw(void);
/* The modes that a program of whole screens wants. */
void nc_set_up(void);
/* How many colours there are, known only after this call. */
int nc_start_colors(void);
int nc_color_pairs(void);
bool nc_init_pair(int pair, int foreground, int background);
void nc_size(int *_Nonnull rows, int *_Nonnull columns);
/* Asks the kernel for the size and tells ncurses. */
void nc_follow_size(void);
/* Gives the terminal back, and takes it again. */
void nc_leave(void);
void nc_come_back(void);
void nc_end(void);

extern const uint32_t NC_BOLD, NC_DIM, NC_REVERSE, NC_UNDERLINE;

/* Puts one character with up to two marks. What the C library's tables see otherwise than ours
   becomes a question mark: a cell never moves its neighbours. */
void nc_put(int row, int column, uint32_t scalar, uint32_t mark, uint32_t mark2, int width,
            uint32_t attributes, int pair);
void nc_erase_row(int row);
void nc_redraw_all(void);
void nc_beep(void);

/* --- what reaches the terminal (output.c) --- */

/* The descriptors that a frame is gathered in; false when there is none left. */
bool nc_open_output(void);
void nc_close_output(void);
/* Sends what was put as one write, between two texts. */
void nc_update(const char *_Nonnull begins, const char *_Nonnull ends);
/* Writes bytes past ncurses: only between its own updates, when its buffer is empty. */
void nc_write(const char *_Nonnull text);

/* --- input (input.c) --- */

enum {
  NC_KEY_UP = 1,
  NC_KEY_DOWN,
  NC_KEY_LEFT,
  NC_KEY_RIGHT,
  NC_KEY_HOME,
  NC_KEY_END,
  NC_KEY_PAGE_UP,
  NC_KEY_PAGE_DOWN,
  NC_KEY_ENTER,
  NC_KEY_BACKSPACE,
  NC_KEY_DELETE,
  NC_KEY_BACK_TAB,
  NC_KEY_MOUSE,
  NC_KEY_FOCUS_IN,
  NC_KEY_FOCUS_OUT,
  NC_KEY_PASTE,
  NC_KEY_PASTE_END,
  NC_KEY_F0 = 100 /* and the 63 after it */
};
/* 0 = nothing is there, 1 = a character, 2 = a code above, 0 for a key that has none. */
int nc_get(uint32_t *_Nonnull key);

enum { NC_MOUSE_PRESS = 1, NC_MOUSE_RELEASE, NC_MOUSE_WHEEL_UP, NC_MOUSE_WHEEL_DOWN };
/* Off again with `false`; whether the mouse is reported now. */
bool nc_set_mouse(bool is_on);
/* The next event, the newest first; 0 when there is none, -1 for one that nobody asked for. */
int nc_next_mouse(int *_Nonnull button, int *_Nonnull row, int *_Nonnull column);

/* --- waiting: signals are read, never handled (waiting.c) --- */

/* Blocks SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM and SIGHUP in this thread. */
void nc_block_signals(void);
int nc_signal_descriptor(void);
/* The next signal that came, 0 when there is none. */
int nc_next_signal(int descriptor);
int nc_wake_descriptor(void);
void nc_wake(int descriptor);
bool nc_was_woken(int descriptor);
/* -1 = the terminal is gone, 0 = the time is over, 1 = something is there. */
int nc_wait(int wake, int signals, int timeout_ms);

/* --- the terminal's state after a crash (guard.c) --- */

/* Before nc_start: the modes to come back to. */
void nc_guard_remember(void);
/* After it: what brings the screen back, should the process die or leave without a word. */
void nc_guard_arm(const char *_Nonnull modes_off);
/* The terminal was given back in order. */
void nc_guard_disarm(void);

/* --- other programs (programs.c) --- */

/* Stops this process and the others of its job, as the terminal's own Ctrl-Z would; returns when
   it goes on. In a job without a shell the kernel ignores it, and this returns at once. */
void nc_stop(bool whole_job);
/* Runs a program in this process group, so that it may read the terminal; its exit status, 127
   when it cannot be started, 128 + the signal that ended it. A Ctrl-Z in it stops both. */
int nc_run(char *_Nullable const *_Nonnull arguments);
/* Runs a program that is only fed: the bytes are its input, its output is dropped. Its exit status,
   127 when it cannot be started. */
int nc_feed(char *_Nullable const *_Nonnull arguments, const void *_Nullable bytes, size_t count);
#endif
