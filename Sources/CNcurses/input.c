/* Keys and the mouse, in codes of our own. */
#include "system.h"

static uint32_t own_code(wint_t code) {
  switch (code) {
  case KEY_UP: return NC_KEY_UP;
  case KEY_DOWN: return NC_KEY_DOWN;
  case KEY_LEFT: return NC_KEY_LEFT;
  case KEY_RIGHT: return NC_KEY_RIGHT;
  case KEY_HOME: return NC_KEY_HOME;
  case KEY_END: return NC_KEY_END;
  case KEY_PPAGE: return NC_KEY_PAGE_UP;
  case KEY_NPAGE: return NC_KEY_PAGE_DOWN;
  case KEY_ENTER: return NC_KEY_ENTER;
  case KEY_BACKSPACE: return NC_KEY_BACKSPACE;
  case KEY_DC: return NC_KEY_DELETE;
  case KEY_BTAB: return NC_KEY_BACK_TAB;
  case KEY_MOUSE: return NC_KEY_MOUSE;
  default: break;
  }
  if (code >= KEY_F0 && code <= KEY_F0 + 63) return NC_KEY_F0 + (code - KEY_F0);
  return code > OWN_KEYS && code <= OWN_KEYS + NC_KEY_PASTE_END ? code - OWN_KEYS : 0;
}

int nc_get(uint32_t *key) {
  wint_t code = 0;
  int kind = wget_wch(stdscr, &code);
  if (kind == ERR) return 0;
  *key = kind == KEY_CODE_YES ? own_code(code) : (uint32_t)code;
  return kind == KEY_CODE_YES ? 2 : 1;
}

bool nc_set_mouse(bool is_on) {
  const mmask_t wanted = BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON2_PRESSED | BUTTON2_RELEASED |
                         BUTTON3_PRESSED | BUTTON3_RELEASED | BUTTON4_PRESSED | BUTTON5_PRESSED;
  mouseinterval(0); /* A press is told at once, not when it might have become a double click. */
  return mousemask(is_on ? wanted : 0, NULL) != 0;
}

int nc_next_mouse(int *button, int *row, int *column) {
  MEVENT event;
  if (getmouse(&event) != OK) return 0;
  *row = event.y;
  *column = event.x;
  const mmask_t presses[] = {BUTTON1_PRESSED, BUTTON2_PRESSED, BUTTON3_PRESSED};
  const mmask_t releases[] = {BUTTON1_RELEASED, BUTTON2_RELEASED, BUTTON3_RELEASED};
  for (*button = 0; *button < 3; ++*button) {
    if (event.bstate & presses[*button]) return NC_MOUSE_PRESS;
    if (event.bstate & releases[*button]) return NC_MOUSE_RELEASE;
  }
  if (event.bstate & BUTTON4_PRESSED) return NC_MOUSE_WHEEL_UP;
  if (event.bstate & BUTTON5_PRESSED) return NC_MOUSE_WHEEL_DOWN;
  return -1;
}
