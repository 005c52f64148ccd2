package deploy

import "strings"

// zoneOffset is the distance from UTC that Ruby knows for a zone: an abbreviation ("est"), the name Windows gives it
// ("w. europe standard time"), or a number after an optional GMT or UTC ("+02:30", "gmt-3.5"). The zone is lower case.
func zoneOffset(zone string) (offset, bool) {
	name, summer := zone, 0
	for _, suffix := range []struct {
		text  string
		extra int
	}{{" standard time", 0}, {" daylight time", 3600}, {" dst", 3600}} {
		if cut, ok := strings.CutSuffix(zone, suffix.text); ok {
			name, summer = cut, suffix.extra
			break
		}
	}
	for _, z := range namedZones {
		if strings.Contains(z.names, ","+name+",") {
			return offset{seconds: z.seconds + summer}, true
		}
	}
	if len(name) > 3 && (strings.HasPrefix(name, "gmt") || strings.HasPrefix(name, "utc")) {
		name = name[3:]
	}
	if name == "" || name[0] != '-' && name[0] != '+' {
		return offset{}, false
	}
	o := numericOffset(name[1:])
	if name[0] == '-' {
		o.seconds, o.nanos = -o.seconds, -o.nanos
	}
	return o, true
}

// numericOffset reads 2, 02, 230, 0230, 02:30, 02:30:15 and 2.5, all in hours first.
func numericOffset(s string) offset {
	if hours, rest, ok := strings.Cut(s, ":"); ok {
		minutes, seconds, _ := strings.Cut(rest, ":")
		return offset{seconds: atoi(hours)*3600 + atoi(minutes)*60 + atoi(seconds)}
	}
	if i := strings.IndexAny(s, ",."); i >= 0 {
		nanos := fractionNanos(s[i+1:]) * 3600
		return offset{seconds: atoi(s[:i])*3600 + nanos/1e9, nanos: nanos % 1e9}
	}
	if len(s) <= 2 {
		return offset{seconds: atoi(s) * 3600}
	}
	first := 2 - len(s)%2
	o := offset{seconds: atoi(s[:first])*3600 + atoi(s[first:first+2])*60}
	if len(s) >= first+4 {
		o.seconds += atoi(s[first+2 : first+4])
	}
	return o
}

// wholeZone is the zone as the sender wrote it, with what belongs to a name but not to Ruby's idea of one:
// "america" becomes "America/New_York". Where it cannot be found it stays as it is.
func wholeZone(s, zone string) string {
	start := strings.Index(strings.ToLower(s), zone)
	if start < 0 || start+len(zone) > len(s) {
		return zone
	}
	end := start + len(zone)
	for end < len(s) && (s[end] == '/' || s[end] == '_' || s[end] >= 'A' && s[end] <= 'Z' || s[end] >= 'a' && s[end] <= 'z') {
		end++
	}
	return s[start:end]
}

// namedZones are the names of zones that Ruby's Date knows, by their distance from UTC in seconds, as asked of Ruby
// 3.1 name by name. A single letter is a military zone; the long names are those of Windows.
var namedZones = [...]struct {
	seconds int
	names   string
}{
	{-43200, ",aoe,dateline,idlw,y,"},
	{-39600, ",nt,nut,samoa,sst,x,"},
	{-36000, ",ahst,ckt,hast,hawaiian,hst,taht,w,"},
	{-32400, ",akst,alaskan,gamt,hadt,hdt,v,yst,"},
	{-30600, ",mart,"},
	{-28800, ",akdt,pacific,pst,u,ydt,"},
	{-25200, ",mountain,mst,pdt,t,us mountain,"},
	{-21600, ",canada central,central,central america,cst,east,galt,mdt,mexico,s,"},
	{-18000, ",act,cdt,cist,cot,easst,eastern,ect,est,pet,r,sa pacific,us eastern,"},
	{-14400, ",ast,atlantic,bot,cidst,clt,edt,fkt,gyt,pacific sa,q,sa western,vet,"},
	{-12600, ",newfoundland,"},
	{-10800, ",adt,art,brt,clst,e. south america,fkst,gft,greenland,p,pmst,pyst,rott,sa eastern,srt,uyt,warst,wgt,"},
	{-9000, ",nst,"},
	{-7200, ",at,brst,fnt,o,pmdt,uyst,wgst,"},
	{-5400, ",ndt,"},
	{-3600, ",azores,azot,cape verde,cvt,egt,n,"},
	{0, ",azost,egst,gmt,greenwich,ut,utc,wet,wt,z,"},
	{3600, ",a,bst,central europe,central european,cet,fwt,met,mewt,mez,romance,swt,w. central africa,w. europe,wat,west,"},
	{7200, ",b,cat,cest,e. europe,eet,egypt,fle,fst,gtb,jerusalem,mest,mesz,sast,south africa,wast,"},
	{10800, ",arab,arabic,bt,c,e. africa,eat,eest,fet,idt,msk,russian,syot,trt,"},
	{12600, ",iran,irst,"},
	{14400, ",arabian,azt,caucasus,d,get,kuyt,msd,mut,ret,samt,sct,"},
	{16200, ",afghanistan,aft,irdt,"},
	{18000, ",aqtt,azst,e,ekaterinburg,mawt,mvt,orat,pkt,tft,tjt,tmt,uzt,west asia,yekt,"},
	{19800, ",india,ist,"},
	{20700, ",nepal,npt,"},
	{21600, ",almt,btt,central asia,f,iot,kgt,n. central asia,omst,qyzt,sri lanka,vost,yekst,"},
	{23400, ",cct,mmt,myanmar,"},
	{25200, ",cxt,davt,g,hovt,ict,krat,north asia,novst,novt,omsst,se asia,wib,"},
	{28800, ",awst,bnt,cast,china,chot,h,hkt,hovst,irkt,krast,malay peninsula,myt,north asia east,pht,sgt,taipei,ulat,w. australia,wadt,wita,"},
	{31500, ",acwst,"},
	{32400, ",awdt,chost,i,irkst,jst,korea,kst,pwt,tlt,tokyo,ulast,wit,yakt,yakutsk,"},
	{34200, ",acst,aus central,cen. australia,"},
	{36000, ",aest,aus eastern,chst,chut,ddut,e. australia,gst,k,pgt,tasmania,vladivostok,vlat,west pacific,yakst,yapt,"},
	{37800, ",acdt,lhst,"},
	{39600, ",aedt,central pacific,eadt,kost,l,lhdt,magt,nct,nft,pont,sakt,sbt,sret,vlast,vut,"},
	{43200, ",anast,anat,fiji,fjt,gilt,idle,m,magst,mht,new zealand,nfdt,nrt,nzst,nzt,petst,pett,tvt,wakt,wft,"},
	{45900, ",chast,"},
	{46800, ",fjst,nzdt,phot,tkt,tonga,tot,"},
	{49500, ",chadt,"},
	{50400, ",lint,tost,"},
}
