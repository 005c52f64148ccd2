package tui

// layout says where things are. Tabs are the first line, hints and status the last two; what is between is the body: a
// list, and its pane beside or below it.
type layout struct {
	width, height int
	listTop       int // the first row of the list
	listHeight    int
	listWidth     int
	top, body     int  // the first row of the body, and how many it has
	filter        bool // there is a filter line above it
	lesson        bool // and a lesson below it
	beside, below bool // where the pane is; neither: not on the screen
	only          bool // the pane has the body for itself
	paneTop       int
	paneLeft      int
	paneWidth     int
	paneHeight    int
}

const (
	minWidth, minHeight = 40, 10
	sideWidth           = 110 // from here on the pane stands beside the list
	belowHeight         = 18  // and from here on below it
)

func (u *ui) tooSmall() bool { return u.width < minWidth || u.height < minHeight }

func (u *ui) arrange() layout {
	return arrange(u.width, u.height, u.rowsHere(), u.screen().share(), u.split, u.zoomed, u.screen().words().showing(), u.teaches() && u.height >= belowHeight)
}

// rowsHere is how many rows the list has; a short one leaves its room to the pane below it.
func (u *ui) rowsHere() int {
	if l := u.screen().list(); l != nil {
		return len(l.ids)
	}
	return 0
}

// arrange is pure: sizes in, rectangles out.
func arrange(w, h, rows, share, split int, zoomed, filter, lesson bool) layout {
	body := h - 3
	top := 1
	if filter {
		top++
		body--
	}
	if lesson {
		body--
	}
	l := layout{width: w, height: h, filter: filter, lesson: lesson, top: top, body: body}
	switch {
	case zoomed:
		l.only = true
		l.paneTop, l.paneWidth, l.paneHeight = top, w, body
	case w >= sideWidth:
		l.beside = true
		l.listWidth = max(40, min(w-40, w*share/100+split))
		l.listTop, l.listHeight = top+1, body-1
		l.paneTop, l.paneLeft, l.paneHeight = top, l.listWidth+1, body
		l.paneWidth = w - l.paneLeft
	case h >= belowHeight:
		l.below = true
		l.listWidth = w
		l.listTop = top + 1
		l.listHeight = max(2, min(body-5, (body-1)/2+split/2, max(3, rows)))
		l.paneTop, l.paneWidth = l.listTop+l.listHeight, w
		l.paneHeight = body - 1 - l.listHeight
	default:
		l.listWidth, l.listTop, l.listHeight = w, top+1, body-1
	}
	return l
}

func (l layout) hasPane() bool { return l.beside || l.below || l.only }

func (l layout) inPane(x, y int) bool {
	return l.hasPane() && y >= l.paneTop && y < l.paneTop+l.paneHeight && x >= l.paneLeft && x < l.paneLeft+l.paneWidth
}

func (l layout) inList(x, y int) bool {
	return !l.only && y >= l.listTop && y < l.listTop+l.listHeight && x < l.listWidth
}
