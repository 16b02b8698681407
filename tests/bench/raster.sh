#!/bin/bash
# raster.sh - a Persian receipt of ten lines against a plain program on libraqm and FreeType, first time and again.
[ -f /usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf ] || exit 77
export BENCH_LINES=$SCRATCH/lines
cat >"$BENCH_LINES" <<'END'
فروشگاه زنجیره‌ای نان تازه
تهران، خیابان ولیعصر، پلاک ۱۲۳
شماره فاکتور ۴۵۶
نان سنگک کنجدی ۲۵٬۰۰۰
شیر کم‌چرب یک لیتر ۴۸٬۵۰۰
پنیر لیقوان چهارصد گرم ۱۸۵٬۰۰۰
چای سیاه کلکته ۳۲٬۰۰۰
جمع کل ۲۹۰٬۵۰۰ ریال
مالیات بر ارزش افزوده ۲۶٬۱۴۵
از خرید شما سپاسگزاریم
END
status=0
"$RATIO" "ten Persian lines, cold (limit 0.5x of a plain program)" "${BENCH_PAIRS:-100}" 0.5 \
    "$BENCH/bench_plain_raqm" "$BENCH/bench_text" || status=1
plain=$("$BENCH/bench_plain_raqm" 300) ours=$("$BENCH/bench_text" 300)
printf '%-58s %9.0f us  floor %6.0f us  %6.2fx\n' "ten Persian lines again, in process (limit 0.5x)" "$ours" "$plain" \
    "$(echo "$ours / $plain" | bc -l)"
[ "$(echo "$ours * 2 <= $plain" | bc)" = 1 ] || status=1
exit $status
