package journal

import (
	"bufio"
	"encoding/binary"
	"hash/crc32"
	"io"
)

// scan reads a store's file before buntdb does, for buntdb does not survive every damage (a giant length ends the
// process) and does not notice most of it. It returns the length of the sound beginning: whole commands that say exactly
// what this package writes, each with a checksum that holds. Its memory does not depend on what the file claims.
func scan(r io.Reader, size int64) (sound int64, commands int, err error) {
	s := scanner{r: bufio.NewReaderSize(r, int(min(scanBuffer, max(size, 64)))), left: size}
	for s.left > 0 {
		whole, err := s.command()
		if err != nil && err != io.EOF {
			return sound, commands, err
		}
		if !whole {
			break
		}
		sound = size - s.left
		commands++
	}
	return sound, commands, nil
}

const scanBuffer = 256 << 10

type scanner struct {
	r *bufio.Reader
	// left is how much of the file is left, by which every length is judged before it is believed.
	left int64
}

// command reads one command; false means damage, or an end that came too early.
func (s *scanner) command() (bool, error) {
	start, err := s.r.Peek(len(setStart))
	if err != nil && err != io.EOF {
		return false, err
	}
	switch {
	case string(start) == setStart:
		return s.set()
	case len(start) >= len(delStart) && string(start[:len(delStart)]) == delStart:
		return s.del()
	}
	return false, nil
}

func (s *scanner) del() (bool, error) {
	if err := s.skip(len(delStart)); err != nil {
		return false, err
	}
	var line [keyLen + 2]byte
	if err := s.read(line[:]); err != nil {
		return false, err
	}
	_, ok := seqOf(line[:keyLen])
	if string(line[seqDigits:keyLen]) == looseMark { // see loosen
		_, ok = unhex(line[:seqDigits])
	}
	return ok && string(line[keyLen:]) == "\r\n", nil
}

func (s *scanner) set() (bool, error) {
	if err := s.skip(len(setStart)); err != nil {
		return false, err
	}
	var key [keyLen + 3]byte
	if err := s.read(key[:]); err != nil {
		return false, err
	}
	if _, ok := seqOf(key[:keyLen]); !ok || string(key[keyLen:]) != "\r\n$" {
		return false, nil
	}
	n, ok, err := s.length()
	if !ok || err != nil {
		return false, err
	}
	ok, err = s.value(key[:keyLen], n)
	if !ok || err != nil {
		return false, err
	}
	var end [2]byte
	err = s.read(end[:])
	return string(end[:]) == "\r\n", err
}

// length reads the length of a value and the end of its line. It is written in one way only.
func (s *scanner) length() (n int64, ok bool, err error) {
	for digits := 0; digits <= len("1234567890"); digits++ {
		c, err := s.r.ReadByte()
		if err != nil {
			return 0, false, err
		}
		s.left--
		if c == '\r' {
			c, err = s.r.ReadByte()
			s.left--
			return n, err == nil && c == '\n' && digits > 0 && n > headLen && n <= headLen+maxPayload && n <= s.left, err
		}
		if c < '0' || c > '9' || n == 0 && digits > 0 {
			return 0, false, nil
		}
		n = 10*n + int64(c-'0')
	}
	return 0, false, nil
}

// value reads a value of n bytes and compares its checksum.
func (s *scanner) value(key []byte, n int64) (bool, error) {
	var head [headLen]byte
	if err := s.read(head[:]); err != nil {
		return false, err
	}
	n -= headLen
	if int64(binary.LittleEndian.Uint32(head[:])) != n {
		return false, nil
	}
	sum := checksum(key, head[:], nil)
	for n > 0 {
		part, err := s.r.Peek(int(min(n, scanBuffer)))
		if len(part) == 0 {
			return false, err
		}
		sum = crc32.Update(sum, castagnoli(), part)
		if err := s.skip(len(part)); err != nil {
			return false, err
		}
		n -= int64(len(part))
	}
	return sum == binary.LittleEndian.Uint32(head[8:]), nil
}

func (s *scanner) skip(n int) error {
	m, err := s.r.Discard(n)
	s.left -= int64(m)
	return err
}

func (s *scanner) read(into []byte) error {
	n, err := io.ReadFull(s.r, into)
	s.left -= int64(n)
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	return err
}
