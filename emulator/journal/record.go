package journal

import (
	"encoding/binary"
	"hash/crc32"
	"strconv"
)

// A record is what one event is to buntdb.
//
// The key is the seq as 16 hexadecimal digits, so that keys sort as events do, and the CRC32C of these digits as 8 more: a
// deletion has no value, and one flipped digit in its key must not delete another event.
//
// The value is a head of three little-endian 32-bit numbers and the payload, an event in its encoded form. The numbers are the
// length of the payload, the length of the request's body that is a part of it (so that the window's size is known
// without decoding) and the CRC32C of the key, the two lengths and the payload.
const (
	seqDigits = 16
	keyLen    = seqDigits + 8
	headLen   = 12
	// maxPayload is far above any request (bodies are kept to event.MaxBody) and enough for a catalog of 100,000 services.
	maxPayload = 64 << 20
)

const hexDigits = "0123456789abcdef"

// record is one event as stored.
type record struct {
	seq   uint64
	value string
	// lasting says that the account is not what it is without the event: it is a change or a reset.
	lasting bool
}

// castagnoli is crc32.MakeTable's own table: asking for it costs a check of a flag.
func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

func appendKey(dst []byte, seq uint64) []byte {
	start := len(dst)
	dst = appendHex(dst, seq, seqDigits)
	return appendHex(dst, uint64(crc32.Checksum(dst[start:], castagnoli())), 8)
}

func appendHex(dst []byte, n uint64, digits int) []byte {
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		dst = append(dst, hexDigits[n>>shift&15])
	}
	return dst
}

func keyOf(seq uint64) string {
	var b [keyLen]byte
	return string(appendKey(b[:0], seq))
}

// seqOf reads a key; ok is false for anything but what appendKey writes.
func seqOf(key []byte) (seq uint64, ok bool) {
	if len(key) != keyLen {
		return 0, false
	}
	seq, ok = unhex(key[:seqDigits])
	if !ok {
		return 0, false
	}
	sum, ok := unhex(key[seqDigits:])
	return seq, ok && seq > 0 && sum == uint64(crc32.Checksum(key[:seqDigits], castagnoli()))
}

func unhex(digits []byte) (n uint64, ok bool) {
	for _, d := range digits {
		switch {
		case d >= '0' && d <= '9':
			n = n<<4 | uint64(d-'0')
		case d >= 'a' && d <= 'f':
			n = n<<4 | uint64(d-'a'+10)
		default:
			return 0, false
		}
	}
	return n, true
}

// startRecord appends the key and an empty head to dst; the payload goes after it, and finishRecord ends it.
func startRecord(dst []byte, seq uint64) []byte {
	dst = appendKey(dst, seq)
	return append(dst, make([]byte, headLen)...)
}

// finishRecord fills in the head of the record that is buf. The key and the value that it returns are parts of one string.
func finishRecord(buf []byte, body int) (key, value string) {
	head := buf[keyLen : keyLen+headLen]
	binary.LittleEndian.PutUint32(head[0:], uint32(len(buf)-keyLen-headLen))
	binary.LittleEndian.PutUint32(head[4:], uint32(body))
	sum := checksum(buf[:keyLen], head, buf[keyLen+headLen:])
	binary.LittleEndian.PutUint32(head[8:], sum)
	s := string(buf)
	return s[:keyLen], s[keyLen:]
}

func checksum(key, head, payload []byte) uint32 {
	sum := crc32.Checksum(key, castagnoli())
	sum = crc32.Update(sum, castagnoli(), head[:8])
	return crc32.Update(sum, castagnoli(), payload)
}

// payload is the encoded event of a value.
func payload(value string) string { return value[headLen:] }

// bodyLen is the length of the request's body that the event of a value keeps, in bytes.
func bodyLen(value string) int64 {
	return int64(uint32(value[4]) | uint32(value[5])<<8 | uint32(value[6])<<16 | uint32(value[7])<<24)
}

// The commands that buntdb writes for a key of keyLen bytes.
const (
	setStart = "*3\r\n$3\r\nset\r\n$24\r\n"
	delStart = "*2\r\n$3\r\ndel\r\n$24\r\n"
)

// setSize is how many bytes buntdb's command to set a value of that length takes in the file.
func setSize(value int) int64 {
	return int64(len(setStart) + keyLen + len("\r\n$") + len(strconv.Itoa(value)) + len("\r\n") + value + len("\r\n"))
}

// delSize is the same for a deletion.
const delSize = int64(len(delStart) + keyLen + len("\r\n"))
