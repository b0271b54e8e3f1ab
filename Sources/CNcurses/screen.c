/* The screen: what ncurses draws, and how it begins and ends. */
#include "system.h"

bool nc_use_utf8(void) {
  setlocale(LC_CTYPE, "");
  if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return true;
  if (setlocale(LC_CTYPE, "C.UTF-8") && strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return true;
  setlocale(LC_CTYPE, "");
  return false;
}

/* newterm() and not initscr(), which ends the process when the type is unknown. */
bool nc_start(const char *type) { return newterm(type, nc_output_file(), stdin) != NULL; }

bool nc_can_draw(void) {
  const char *move = tigetstr("cup");
  return move != NULL && move != (const char *)-1;
}

static void define_keys(void) {
  define_key("\033[I", NC_KEY_FOCUS_IN + OWN_KEYS);
  define_key("\033[O", NC_KEY_FOCUS_OUT + OWN_KEYS);
  define_key("\033[200~", NC_KEY_PASTE + OWN_KEYS);
  define_key("\033[201~", NC_KEY_PASTE_END + OWN_KEYS);
}

void nc_set_up(void) {
  raw();
  noecho();
  nonl();
  curs_set(0);
  set_escdelay(25);
  keypad(stdscr, TRUE);
  nodelay(stdscr, TRUE);
  intrflush(stdscr, FALSE);
  /* A frame is finished whatever is typed meanwhile; asking would cost a system call every five rows. */
  typeahead(-1);
  /* The cursor is not seen, so no byte is spent on bringing it anywhere after a frame. */
  leaveok(stdscr, TRUE);
  define_keys();
}

int nc_start_colors(void) {
  if (!has_colors() || start_color() == ERR) return 1;
  use_default_colors();
  return COLORS;
}

int nc_color_pairs(void) { return COLOR_PAIRS; }

bool nc_init_pair(int pair, int foreground, int background) {
  return init_extended_pair(pair, foreground, background) == OK;
}

void nc_size(int *rows, int *columns) {
  *rows = getmaxy(stdscr);
  *columns = getmaxx(stdscr);
}

void nc_follow_size(void) {
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
    resizeterm(size.ws_row, size.ws_col);
}

void nc_leave(void) {
  def_prog_mode();
  endwin();
}

void nc_come_back(void) {
  reset_prog_mode();
  curs_set(0);
}

void nc_end(void) { endwin(); }

const uint32_t NC_BOLD = A_BOLD, NC_DIM = A_DIM, NC_REVERSE = A_REVERSE, NC_UNDERLINE = A_UNDERLINE;

void nc_put(int row, int column, uint32_t scalar, uint32_t mark, uint32_t mark2, int width,
            uint32_t attributes, int pair) {
  wchar_t text[4] = {(wchar_t)scalar, (wchar_t)mark, (wchar_t)mark2, 0};
  cchar_t cell;
  if (scalar >= 0x7F && wcwidth(text[0]) != width) {
    text[0] = L'?';
    text[1] = 0;
  }
  for (int index = 1; index < 3; index++)
    if (text[index] && wcwidth(text[index]) != 0) text[index] = 0;
  if (setcchar(&cell, text, attributes, 0, &pair) == OK) mvwadd_wch(stdscr, row, column, &cell);
  if (width == 2 && text[0] == L'?') mvwadd_wch(stdscr, row, column + 1, &cell);
}

void nc_erase_row(int row) {
  int none = 0;
  wattr_set(stdscr, A_NORMAL, 0, &none);
  wmove(stdscr, row, 0);
  wclrtoeol(stdscr);
}

void nc_redraw_all(void) { clearok(curscr, TRUE); }

void nc_beep(void) { beep(); }
