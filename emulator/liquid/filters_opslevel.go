package liquid

// The filters that OpsLevel adds to Liquid.

// jsonifyFilter is Ruby's JSON.generate.
func jsonifyFilter(r *run, in Value, _ []Value) (Value, error) {
	b, err := r.appendJSON(nil, in)
	if err != nil {
		return nil, err
	}
	return string(b), r.work(len(b))
}

// tagValueFilter answers the value of the tag with a key: of a service, or of a
// list of tags.
func tagValueFilter(r *run, in Value, args []Value) (Value, error) {
	tags := in
	if h, ok := in.(*Hash); ok {
		tags, _ = h.Get("tags")
	}
	list, _ := tags.([]Value)
	if err := r.step(int64(len(list))); err != nil {
		return nil, err
	}
	for _, t := range list {
		h, ok := t.(*Hash)
		if !ok {
			continue
		}
		if key, _ := h.Get("key"); equal(key, args[0]) {
			v, _ := h.Get("value")
			return v, nil
		}
	}
	r.unknownTag(list, args[0])
	return nil, nil
}

// secretFilter answers a secret by its alias, which is the input or the argument:
// {{ 'alias' | secret }} and {{ ” | secret: 'alias' }}.
func secretFilter(r *run, in Value, args []Value) (Value, error) {
	alias, err := r.text(optional(args, 0, in))
	if err != nil {
		return nil, err
	}
	if r.input.Secrets != nil {
		if v, ok := r.input.Secrets(alias); ok {
			if r.input.MaskSecrets {
				return SecretMask, nil
			}
			return r.limited(v)
		}
	}
	r.unknownSecret(alias)
	return "", nil
}
