# Reads one JSON string a line and prints what a datetime column of a Rails application in UTC makes of it, and whether
# Date._parse knows its offset. ActiveModel's rule is written out, so that Ruby alone is enough.
require "date"
require "json"
$stdout.sync = true
$stdin.each_line do |line|
  begin
    h = Date._parse(JSON.parse(line))
    usec = ((h[:sec_fraction] || 0) * 1_000_000).to_i
    t = nil
    unless h[:year].nil? || (h[:year] == 0 && h[:mon] == 0 && h[:mday] == 0)
      t = Time.utc(*h.values_at(:year, :mon, :mday, :hour, :min, :sec), usec) rescue nil
      t -= h[:offset] if t && h[:offset]
    end
    puts t ? "#{t.strftime("%Y-%m-%dT%H:%M:%S.%6N")} #{!h[:offset].nil?}" : "nil"
  rescue ArgumentError, RangeError, FloatDomainError
    puts "nil"
  end
end
