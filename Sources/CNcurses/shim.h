/* The parts of ncurses that Swift cannot import as they are: mutable globals, macros with arguments, arrays of unknown
   length. Everything else comes from the system headers. */
#pragma once
#ifndef NCURSES_WIDECHAR
#define NCURSES_WIDECHAR 1 /* exposes cchar_t, get_wch and the extended colour pairs */
#endif
#include <locale.h>
#include <langinfo.h>
#include <stdint.h>
#include <stdio.h>
#include <wchar.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <curses.h>
#include <term.h>

/* Globals */
static inline WINDOW *lrp_stdscr(void) { return stdscr; }
static inline WINDOW *lrp_curscr(void) { return curscr; }
static inline int lrp_colors(void) { return COLORS; }
static inline int lrp_color_pairs(void) { return COLOR_PAIRS; }

static inline SCREEN *lrp_newterm(const char *type) { return newterm(type, stdout, stdin); }

/* Frees the entry that setupterm loaded. */
static inline void lrp_drop_terminfo(void) {
  TERMINAL *terminal = cur_term;
  if (terminal) {
    set_curterm(NULL);
    del_curterm(terminal);
  }
}

/* Names of the predefined capabilities in the order of the compiled format; NULL after the last. */
static inline const char *lrp_boolean_name(int index) { return boolnames[index]; }
static inline const char *lrp_number_name(int index) { return numnames[index]; }
static inline const char *lrp_string_name(int index) { return strnames[index]; }

/* Attributes */
static inline attr_t lrp_bold(void) { return A_BOLD; }
static inline attr_t lrp_dim(void) { return A_DIM; }
static inline attr_t lrp_reverse(void) { return A_REVERSE; }
static inline attr_t lrp_underline(void) { return A_UNDERLINE; }

/* A cell. The text is a zero-terminated string of at most three characters. Pair numbers above 32767 do not fit into
   setcchar's short and travel through its last parameter. */
static inline int lrp_set_cell(cchar_t *cell, const wchar_t *text, attr_t attributes, int pair) {
  return setcchar(cell, text, attributes, 0, &pair);
}

static inline int lrp_function_key(int number) { return KEY_F(number); }

static inline int lrp_window_size(int descriptor, struct winsize *size) {
  return ioctl(descriptor, TIOCGWINSZ, size);
}
static inline int lrp_pending_input(int descriptor, int *count) { return ioctl(descriptor, FIONREAD, count); }

/* The environment of the process as "NAME=value" strings; NULL after the last. */
extern char **environ;
static inline const char *lrp_environment(int index) { return environ ? environ[index] : NULL; }

/* Functions of the C library that its headers hide without _GNU_SOURCE or _XOPEN_SOURCE. */
extern int wcwidth(wchar_t character);
extern int memfd_create(const char *name, unsigned int flags);
static inline int lrp_column_width(uint32_t character) { return wcwidth((wchar_t)character); }
/* A file in memory that child processes do not inherit. */
static inline int lrp_memory_file(const char *name) { return memfd_create(name, 1u /* MFD_CLOEXEC */); }
static inline void lrp_flush_output(void) { fflush(stdout); }
