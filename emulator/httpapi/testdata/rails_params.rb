require "action_controller"
require "json"
require "base64"
$stdout.sync = true
LOG = Logger.new(nil)
def plain(v)
  case v
  when Hash then {"o" => v.to_h.map { |k, x| [Base64.strict_encode64(k.to_s.b), plain(x)] }.sort}
  when Array then {"a" => v.map { |x| plain(x) }}
  when String then {"s" => Base64.strict_encode64(v.b)}
  when Integer, Float then {"n" => v.to_s}
  when true, false, nil then v
  when ActionDispatch::Http::UploadedFile then "file"
  else v.class.name
  end
end
$stdin.each_line do |l|
  ct, qs, body = JSON.parse(l).map { |x| x && Base64.decode64(x) }
  env = {"REQUEST_METHOD"=>"POST","QUERY_STRING"=>qs,"rack.input"=>StringIO.new(body.b),"CONTENT_LENGTH"=>body.bytesize.to_s,"PATH_INFO"=>"/","SERVER_NAME"=>"x","SERVER_PORT"=>"80","rack.url_scheme"=>"http","action_dispatch.logger"=>LOG}
  env["CONTENT_TYPE"]=ct unless ct.empty?
  begin
    r = plain(ActionDispatch::Request.new(env).parameters)
  rescue ActionDispatch::Http::MimeNegotiation::InvalidType
    r = 406
  rescue Exception => e
    r = 400
  end
  puts JSON.generate(r)
end
