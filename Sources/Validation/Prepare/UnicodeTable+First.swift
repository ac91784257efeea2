/// The first half of `UnicodeForms.table`'s decompositions: see there.
let unicodeDecompositionsFirst = """
    ~4g:w ~8:w,lk ~2:2p ~5:w,lg ~3+2:1e ~1:w,ld ~1:qk ~3:w,mf ~1:1d ~1:33 ~2:1d,6dg,1g
    ~1:1d,6dg,1e ~1:1f,6dg,1g 2:1t,lc 1:1t,ld 1:1t,le 1:1t,lf 1:1t,lk 1:1t,lm 2:1v,mf 1:1x,lc
    1:1x,ld 1:1x,le 1:1x,lk 1:21,lc 1:21,ld 1:21,le 1:21,lk 2:26,lf 1:27,lc 1:27,ld 1:27,le
    1:27,lf 1:27,lk 3:2d,lc 1:2d,ld 1:2d,le 1:2d,lk 1:2h,ld 3:2p,lc 1:2p,ld 1:2p,le 1:2p,lf
    1:2p,lk 1:2p,lm 2:2r,mf 1:2t,lc 1:2t,ld 1:2t,le 1:2t,lk 1:2x,lc 1:2x,ld 1:2x,le 1:2x,lk
    2:32,lf 1:33,lc 1:33,ld 1:33,le 1:33,lf 1:33,lk 3:39,lc 1:39,ld 1:39,le 1:39,lk 1:3d,ld
    2:3d,lk 1:1t,lg 1:2p,lg 1:1t,li 1:2p,li 1:1t,mg 1:2p,mg 1:1v,ld 1:2r,ld 1:1v,le 1:2r,le
    1:1v,lj 1:2r,lj 1:1v,lo 1:2r,lo 1:1w,lo 1:2s,lo 3:1x,lg 1:2t,lg 1:1x,li 1:2t,li 1:1x,lj
    1:2t,lj 1:1x,mg 1:2t,mg 1:1x,lo 1:2t,lo 1:1z,le 1:2v,le 1:1z,li 1:2v,li 1:1z,lj 1:2v,lj
    1:1z,mf 1:2v,mf 1:20,le 1:2w,le 3:21,lf 1:2x,lf 1:21,lg 1:2x,lg 1:21,li 1:2x,li 1:21,mg
    1:2x,mg 1:21,lj ~2:21,22 ~1:2x,2y 1:22,le 1:2y,le 1:23,mf 1:2z,mf 2:24,ld 1:30,ld 1:24,mf
    1:30,mf 1:24,lo 1:30,lo ~1:24,53 ~1:30,53 3:26,ld 1:32,ld 1:26,mf 1:32,mf 1:26,lo 1:32,lo
    ~1:jg,32 3:27,lg 1:33,lg 1:27,li 1:33,li 1:27,ln 1:33,ln 3:2a,ld 1:36,ld 1:2a,mf 1:36,mf
    1:2a,lo 1:36,lo 1:2b,ld 1:37,ld 1:2b,le 1:37,le 1:2b,mf 1:37,mf 1:2b,lo 1:37,lo 1:2c,mf
    1:38,mf 1:2c,lo 1:38,lo 3:2d,lf 1:39,lf 1:2d,lg 1:39,lg 1:2d,li 1:39,li 1:2d,lm 1:39,lm
    1:2d,ln 1:39,ln 1:2d,mg 1:39,mg 1:2f,le 1:3b,le 1:2h,le 1:3d,le 1:2h,lk 1:2i,ld 1:3e,ld
    1:2i,lj 1:3e,lj 1:2i,lo 1:3e,lo ~1:37 x:27,m3 1:33,m3 e:2d,m3 1:39,m3 ~k:1w,al ~1:1w,am
    ~1:2s,am ~1:24,22 ~1:24,2y ~1:30,2y ~1:26,22 ~1:26,2y ~1:32,2y 1:1t,lo 1:2p,lo 1:21,lo
    1:2x,lo 1:27,lo 1:33,lo 1:2d,lo 1:39,lo 1:64,lg 1:70,lg 1:64,ld 1:70,ld 1:64,lo 1:70,lo
    1:64,lc 1:70,lc 2:5g,lg 1:6c,lg 1+2:fa,lg 1:5i,lg 1:6e,lg 3:1z,lo 1:2v,lo 1:23,lo 1:2z,lo
    1:27,mg 1:33,mg 1+2:dm,lg 1:c7,lo 1:ia,lo 1:2y,lo ~1:1w,2i ~1:1w,3e ~1:2s,3e 1:1z,ld 1:2v,ld
    3:26,lc 1:32,lc 1:5h,ld 1:6d,ld 1:5i,ld 1:6e,ld 1:60,ld 1:6w,ld 1:1t,lr 1:2p,lr 1:1t,lt
    1:2p,lt 1:1x,lr 1:2t,lr 1:1x,lt 1:2t,lt 1:21,lr 1:2x,lr 1:21,lt 1:2x,lt 1:27,lr 1:33,lr
    1:27,lt 1:33,lt 1:2a,lr 1:36,lr 1:2a,lt 1:36,lt 1:2d,lr 1:39,lr 1:2d,lt 1:39,lt 1:2b,me
    1:37,me 1:2c,me 1:38,me 3:20,lo 1:2w,lo 7:1t,lj 1:2p,lj 1:1x,mf 1:2t,mf 1:5y,lg 1:6u,lg
    1:5x,lg 1:6t,lg 1:27,lj 1:33,lj 1+2:fi,lg 1:2h,lg 1:3d,lg ~3h:2w ~1:h2 ~1:2y ~1:36 ~1:hl
    ~1:hn ~1:ht ~1:3b ~1:3d ~w:w,li ~1:w,lj ~1:w,lm ~1:w,mg ~1:w,lf ~1:w,ln ~3:gz ~1:30 ~1:37
    ~1:3c ~1:id !2k+2:lc !2:lv !1:lk,ld !1c:jd ~6:w,n9 !4:1n ~6:w,ld 1:4o,ld 1:pd,ld !1:53
    1:ph,ld 1:pj,ld 1:pl,ld 2:pr,ld 2:px,ld 1:q1,ld 1:qy,ld q:pl,lk 1:px,lk 1:q9,ld 1:qd,ld
    1:qf,ld 1:qh,ld 1:qz,ld q:qh,lk 1:qt,lk 1:qn,ld 1:qt,ld 1:qx,ld ~2:qa ~1:qg ~1:px 1:r6,ld
    1:r6,lk ~1:qu ~1:qo ~q:qi ~1+2:qp ~2:pk ~1:qd ~4:pv 7:t1,lc 1:t1,lk 2:sz,ld 4:sm,lk 5:t6,ld
    1:t4,lc 1:tf,li b:t4,li w:u0,li n:tx,lc 1:tx,lk 2:tv,ld 4:uu,lk 5:u2,ld 1:u0,lc 1:ub,li
    o+2:vo,lr 22:t2,li 1:ty,li e:sw,li 1:ts,li 1:sw,lk 1:ts,lk 3:t1,li 1:tx,li 3+2:yg,lk 1:t2,lk
    1:ty,lk 1:t3,lk 1:tz,lk 3:t4,lg 1:u0,lg 1:t4,lk 1:u0,lk 1:ta,lk 1:u6,lk 3+2:yw,lk 1:tp,lk
    1:ul,lk 1:tf,lg 1:ub,lg 1:tf,lk 1:ub,lk 1:tf,ln 1:ub,ln 1:tj,lk 1:uf,lk 3:tn,lk 1:uj,lk
    ~3y:12d,136 4b:17r,18z 1:17r,190 1:18o,190 1:17r,191 1:18q,190 ~27:17r,19w ~1:18o,19w
    ~1:1c7,19w ~1:18q,19w 20:1cl,190 2:1c1,190 h:1ci,190 gm:1t4,1to 8:1tc,1to 3:1tf,1to
    !10+3:1sl,1to !1:1ss,1to !1+2:1sx,1to !1:1t7,1to !1:1tb,1to 30:1xj,1xa 1:1xj,1xz
    !g+2:1wh,1x8 !2:1wv,1x8 !2c:20i,20s !3:20o,20s !z+2:1zq,20s !1:1zw,20s !3:20b,20s 6i:287,28m
    3:287,27y 1:287,28n !g+2:275,27w 1j:2aa,2c7 1i+2:2bq,2bi 1:2bq,2c7 3g:2fa,2fq 3c:2in,2j9
    7:2iu,2j9 1:2iu,2ja 2:2iu,2iq 1:2iy,2j9 3j+2:2me,2m6 1:2me,2mv 3y:2qh,2q2 2:2qh,2q7
    1:2qk,2q2 1:2qh,2qn ~2d:2tp,2sy ~3k:2x9,2wi ~15:2wb,2vt ~1:2wb,2w1 ~1b:2yz !1j:30i,33r
    !a:30s,33r !5:30x,33r !5:312,33r !5:317,33r !d:30g,33p !a:31t,31u !2:31t,31w !1:33m,328
    ~1:33m,329 !1:33n,328 ~1:33n,329 !8:31t,328 !i:32q,33r !a:330,33r !5:335,33r !5:33a,33r
    !5:33f,33r !d:32o,33p 31:36t,372 ~5y:3bw 1ze:5c5,5dh 2:5c7,5dh 2:5c9,5dh 2:5cb,5dh 2:5cd,5dh
    4:5ch,5dh 15:5dm,5dh 2:5do,5dh 3+2:5dq,5dh 2:5du,5dh ~dl:1t ~1:5i ~1:1u ~2+2:1w ~1:b2
    ~1+8:1z ~2:27 ~1:f6 ~1:28 ~1:2a ~1+2:2c ~1:2f ~1:2p ~1+2:gg ~1:5qa ~1:2q ~1+2:2s ~1:gp
    ~1+2:gr ~1:2v ~2:2z ~1:31 ~1:97 ~1:33 ~1:gk ~1+2:5qu ~1:34 ~1+2:38 ~1:5r1 ~1:hb ~1:3a ~1:5r9
    ~1+3:qa ~1+2:qu ~1:2x ~1:36 ~1+2:39 ~1+2:qa ~1:qp ~1+2:qu ~e:u5 ~z:gi ~1:2r ~1:gl ~1:6o
    ~1:gs ~1:2u ~1:gv ~1:gx ~1:h1 ~1+3:h4 ~1:5tn ~1:il ~1:h9 ~1:5tx ~1:in ~1:hd ~1:hc ~1+4:he
    ~1:hk ~1+2:hu ~1:bv ~1+2:i1 ~1:5r0 ~1+2:i3 ~1:3e ~1+3:i8 ~1:qg 1t:1t,md 1:2p,md 1:1u,lj
    1:2q,lj 1:1u,mb 1:2q,mb 1:1u,mp 1:2q,mp 1:5j,ld 1:6f,ld 1:1w,lj 1:2s,lj 1:1w,mb 1:2s,mb
    1:1w,mp 1:2s,mp 1:1w,mf 1:2s,mf 1:1w,ml 1:2s,ml 1+2:7m,lc 1+2:7m,ld 1:1x,ml 1:2t,ml 1:1x,mo
    1:2t,mo 1+2:fc,li 1:1y,lj 1:2u,lj 1:1z,lg 1:2v,lg 1:20,lj 1:2w,lj 1:20,mb 1:2w,mb 1:20,lk
    1:2w,lk 1:20,mf 1:2w,mf 1:20,mm 1:2w,mm 1:21,mo 1:2x,mo 1:5r,ld 1:6n,ld 1:23,ld 1:2z,ld
    1:23,mb 1:2z,mb 1:23,mp 1:2z,mp 1:24,mb 1:30,mb 1+2:5yu,lg 1:24,mp 1:30,mp 1:24,ml 1:30,ml
    1:25,ld 1:31,ld 1:25,lj 1:31,lj 1:25,mb 1:31,mb 1:26,lj 1:32,lj 1:26,mb 1:32,mb 1:26,mp
    1:32,mp 1:26,ml 1:32,ml 1:5x,ld 1:6t,ld 1:5x,lk 1:6t,lk 1+2:98,lc 1+2:98,ld 1:28,ld 1:34,ld
    1:28,lj 1:34,lj 1:2a,lj 1:36,lj 1:2a,mb 1:36,mb 1+2:5zu,lg 1:2a,mp 1:36,mp 1:2b,lj 1:37,lj
    1:2b,mb 1:37,mb 1+2:9m,lj 1+2:9s,lj 1+2:602,lj 1:2c,lj 1:38,lj 1:2c,mb 1:38,mb 1:2c,mp
    1:38,mp 1:2c,ml 1:38,ml 1:2d,mc 1:39,mc 1:2d,mo 1:39,mo 1:2d,ml 1:39,ml 1+2:a0,ld 1+2:a2,lk
    1:2e,lf 1:3a,lf 1:2e,mb 1:3a,mb 1:2f,lc 1:3b,lc 1:2f,ld 1:3b,ld 1:2f,lk 1:3b,lk 1:2f,lj
    1:3b,lj 1:2f,mb 1:3b,mb 1:2g,lj 1:3c,lj 1:2g,lk 1:3c,lk 1:2h,lj 1:3d,lj 1:2i,le 1:3e,le
    1:2i,mb 1:3e,mb 1:2i,mp 1:3e,mp 1:2w,mp 1:38,lk 1:3b,lm 1:3d,lm ~1:2p,ji 1:an,lj 5:1t,mb
    1:2p,mb 1:1t,ll 1:2p,ll 1:5e,ld 1:6a,ld 1:5e,lc 1:6a,lc 1:5e,ll 1:6a,ll 1:5e,lf 1:6a,lf
    1+2:61s,le 1+2:76,ld 1+2:76,lc 1+2:76,ll 1+2:76,lf 1+2:61s,li 1:1x,mb 1:2t,mb 1:1x,ll
    1:2t,ll 1:1x,lf 1:2t,lf 1:5m,ld 1:6i,ld 1:5m,lc 1:6i,lc 1:5m,ll 1:6i,ll 1:5m,lf 1:6i,lf
    1+2:62g,le 1:21,ll 1:2x,ll 1:21,mb 1:2x,mb 1:27,mb 1:33,mb 1:27,ll 1:33,ll 1:5w,ld 1:6s,ld
    1:5w,lc 1:6s,lc 1:5w,ll 1:6s,ll 1:5w,lf 1:6s,lf 1+2:630,le 1+2:bk,ld 1+2:bk,lc 1+2:bk,ll
    1+2:bk,lf 1+2:bk,mb 1:2d,mb 1:39,mb 1:2d,ll 1:39,ll 1+2:bz,ld 1+2:bz,lc 1+2:bz,ll 1+2:bz,lf
    1+2:bz,mb 1:2h,lc 1:3d,lc 1:2h,mb 1:3d,mb 1:2h,ll 1:3d,ll 1:2h,lf 1:3d,lf 7:q9,lv 1:q9,lw
    1+2:64g,lc 1+2:64g,ld 1+2:64g,n6 1:pd,lv 1:pd,lw 1+2:64o,lc 1+2:64o,ld 1+2:64o,n6 1:qd,lv
    1:qd,lw 1+2:64w,lc 1+2:64w,ld 3:ph,lv 1:ph,lw 1+2:654,lc 1+2:654,ld 3:qf,lv 1:qf,lw
    1+2:65c,lc 1+2:65c,ld 1+2:65c,n6 1:pj,lv 1:pj,lw 1+2:65k,lc 1+2:65k,ld 1+2:65k,n6 1:qh,lv
    1:qh,lw 1+2:65s,lc 1+2:65s,ld 1+2:65s,n6 1:pl,lv 1:pl,lw 1+2:660,lc 1+2:660,ld 1+2:660,n6
    1:qn,lv 1:qn,lw 1+2:668,lc 1+2:668,ld 3:pr,lv 1:pr,lw 1+2:66g,lc 1+2:66g,ld 3:qt,lv 1:qt,lw
    1+2:66o,lc 1+2:66o,ld 1+2:66o,n6 2:px,lw 2:66x,lc 2:66x,ld 2:66x,n6 1:qx,lv 1:qx,lw
    1+2:674,lc 1+2:674,ld 1+2:674,n6 1:q1,lv 1:q1,lw 1+2:67c,lc 1+2:67c,ld 1+2:67c,n6 1:q9,lc
    !1:q4 1:qd,lc !1:q5 1:qf,lc !1:q6 1:qh,lc !1:q7 1:qn,lc !1:r0 1:qt,lc !1:r1 1:qx,lc !1:r2
    3+g:64g,n9 1+g:65c,n9 1+g:674,n9 1:q9,li 1:q9,lg 1:67k,n9 1:q9,n9 1:q4,n9 2:q9,n6 1:69i,n9
    1:pd,li 1:pd,lg 1:pd,lc !1:p2 1:pd,n9 ~1:w,lv !1:qh ~1:w,lv ~1:w,n6 1:4o,n6 1:67o,n9 1:qf,n9
    1:q6,n9 2:qf,n6 1:69y,n9 1:ph,lc !1:p4 1:pj,lc !1:p5 1:pj,n9 1:69r,lc 1:69r,ld 1:69r,n6
    1:qh,li 1:qh,lg 1:qy,lc !1:pc 3:qh,n6 1:qy,n6 1:pl,li 1:pl,lg 1:pl,lc !1:p6 2:6bi,lc
    1:6bi,ld 1:6bi,n6 1:qt,li 1:qt,lg 1:qz,lc !1:q8 1:qp,lv 1:qp,lw 1:qt,n6 1:qz,n6 1:px,li
    1:px,lg 1:px,lc !1:pa 1:pt,lw 1:4o,lc !1:p1 !1:2o 3:67w,n9 1:qx,n9 1:r2,n9 2:qx,n6 1:6ba,n9
    1:pr,lc !1:p8 1:q1,lc !1:pb 1:q1,n9 !1:50 ~1:w,lw !2+2:6bm ~1:w ~1:w ~1:w ~1:w ~1:w ~1:w
    ~1:w ~1:w ~1:w ~7:6c0 ~6:w,mr ~d:1a ~1:1a,1a ~1:1a,1a,1a ~9:w ~4:6cy,6cy ~1:6cy,6cy,6cy
    ~2:6d1,6d1 ~1:6d1,6d1,6d1 ~5:x,x ~2:w,lh ~9:1r,1r ~1:1r,x ~1:x,1r ~e:6cy,6cy,6cy,6cy ~8:w
    ~h:1c ~1:2x ~3+6:1g ~1:17 ~1:6qa ~1:1p ~1+2:14 ~1:32 ~1+a:1c ~1:17 ~1:6qa ~1:1p ~1+2:14
    ~2:2p ~1:2t ~1:33 ~1:3c ~1:gp ~1:2w ~1+4:2z ~1:34 ~1+2:37 ~c:2a,37 ~2g:2p,1b,2r ~1:2p,1b,37
    ~1:1v ~1:4w,1v ~2:2r,1b,33 ~1:2r,1b,39 ~1:b4 ~2:4w,1y ~1:2v ~1:20 ~1:20 ~1:20 ~1:2w ~1:87
    ~1:21 ~1:21 ~1:24 ~1:30 ~2:26 ~1:26,33 ~3+3:28 ~1:2a ~1:2a ~3:2b,25 ~1:2c,1x,24 ~1:2c,25
    ~2:2i !2:q1 ~2:2i !2:23 !1:5h ~1+2:1u ~2:2t ~1+2:1x ~2:25 ~1:33 ~1+4:15c ~1:2x ~2:1y,1t,2g
    ~1:qo ~1:qb ~1:pf ~1:ps ~1:6q9 ~5:1w ~1+2:2s ~1+2:2x ~7:1d,6dg,1j ~1:1d,6dg,1l
    ~1:1d,6dg,1d,1c ~1+2:1d,6dg,1f ~1+4:1d,6dg,1h ~1:1d,6dg,1i ~1:1h,6dg,1i ~1:1d,6dg,1k
    ~1:1f,6dg,1k ~1:1h,6dg,1k ~1:1j,6dg,1k ~1:1d,6dg ~1:21 ~1:21,21 ~1:21,21,21 ~1:21,2e ~1:2e
    ~1:2e,21 ~1:2e,21,21 ~1:2e,21,21,21 ~1:21,2g ~1:2g ~1:2g,21 ~1:2g,21,21 ~1:24 ~1+2:1v ~1:25
    ~1:2x ~1:2x,2x ~1:2x,2x,2x ~1:2x,3a ~1:3a ~1:3a,2x ~1:3a,2x,2x ~1:3a,2x,2x,2x ~1:2x,3c ~1:3c
    ~1:3c,2x ~1:3c,2x,2x ~1:30 ~1+2:2r ~1:31 ~a:1c,6dg,1f h:6mo,mw 1:6mq,mw j:6ms,mw v:6og,mw
    1:6ok,mw 1:6oi,mw 1h:6pv,mw 5:6q0,mw 3:6q3,mw o:6qr,mw 2:6qt,mw ~6:6qz,6qz ~1:6qz,6qz,6qz
    ~2:6r2,6r2 ~1:6r2,6r2,6r2 h:6rg,mw 3:6rn,mw 3:6rp,mw 2:6rs,mw n:1p,mw 2:6sh,mw b:6rx,mw
    1:1o,mw 1:1q,mw 1+2:6sk,mw 3+2:6sy,mw 3+2:6t2,mw 7+2:6t6,mw 3+2:6te,mw 3+2:6ti,mw z:6ua,mw
    1+2:6ug,mw 1:6uj,mw 1d+2:6t8,mw 1+2:6tt,mw 7+4:6uq,mw !1o+2:9hk ~8m+9:1d ~1:1d,1c ~1:1d,1d
    ~1:1d,1e ~1:1d,1f ~1:1d,1g ~1:1d,1h ~1:1d,1i ~1:1d,1j ~1:1d,1k ~1:1d,1l ~1:1e,1c ~1:14,1d,15
    ~1:14,1e,15 ~1:14,1f,15 ~1:14,1g,15 ~1:14,1h,15 ~1:14,1i,15 ~1:14,1j,15 ~1:14,1k,15
    ~1:14,1l,15 ~1:14,1d,1c,15 ~1:14,1d,1d,15 ~1:14,1d,1e,15 ~1:14,1d,1f,15 ~1:14,1d,1g,15
    ~1:14,1d,1h,15 ~1:14,1d,1i,15 ~1:14,1d,1j,15 ~1:14,1d,1k,15 ~1:14,1d,1l,15 ~1:14,1e,1c,15
    ~1+9:1d,1a ~1:1d,1c,1a ~1:1d,1d,1a ~1:1d,1e,1a ~1:1d,1f,1a ~1:1d,1g,1a ~1:1d,1h,1a
    ~1:1d,1i,1a ~1:1d,1j,1a ~1:1d,1k,1a ~1:1d,1l,1a ~1:1e,1c,1a ~1:14,2p,15 ~1:14,2q,15
    ~1:14,2r,15 ~1:14,2s,15 ~1:14,2t,15 ~1:14,2u,15 ~1:14,2v,15 ~1:14,2w,15 ~1:14,2x,15
    ~1:14,2y,15 ~1:14,2z,15 ~1:14,30,15 ~1:14,31,15 ~1:14,32,15 ~1:14,33,15 ~1:14,34,15
    ~1:14,35,15 ~1:14,36,15 ~1:14,37,15 ~1:14,38,15 ~1:14,39,15 ~1:14,3a,15 ~1:14,3b,15
    ~1:14,3c,15 ~1:14,3d,15 ~1:14,3e,15 ~1+q:1t ~1+q:2p ~1:1c ~10i:6qz,6qz,6qz,6qz ~2w:1m,1m,1p
    ~1:1p,1p ~1:1p,1p,1p !2u:8gt,mw ~bk:2y ~1:2e ~6q:8yp ~8g:lal ~2c:vj3 ~d:feo ~1:ffs ~1:fg6
    ~1:fgf ~1:fh5 ~1:fid ~1:fik ~1:fj4 ~1:fju ~1:g1r ~1:g2t ~1:g2z ~1:g3m ~1:g46 ~1:g4r ~1:g68
    ~1:g6t ~1:g74 ~1:gbf ~1:ge1 ~1:get ~1:gey ~1:gfs ~1:gg1 ~1:ggs ~1:gh5 ~1:ghu ~1:gja ~1:gjs
    ~1:gkj ~1:h5j ~1:h7j ~1:hkb ~1:hky ~1:hl6 ~1:hlh ~1:hlz ~1:ho3 ~1:i1c ~1:i2o ~1:i60 ~1:i6n
    ~1:i76 ~1:i7s ~1:i9a ~1:i9d ~1:ijf ~1:ijp ~1:ik1 ~1:ike ~1:inm ~1:inu ~1:inz ~1:ir8 ~1:iri
    ~1:irv ~1:is3 ~1:its ~1:iu9 ~1:iur ~1:iwz ~1:jd4 ~1:jee ~1:jez ~1:jzj ~1:jzo ~1:k1z ~1:k2f
    ~1:k2s ~1:k3d ~1:k4g ~1:k4l ~1:kc0 ~1:kco ~1:kdk ~1:l5s ~1:l7m ~1:l89 ~1:l9v ~1:laj ~1:las
    ~1:laz ~1:lcf ~1:lck ~1:ldg ~1:m7f ~1:mju ~1:mk6 ~1:mkb ~1:mkf ~1:mkn ~1:ml5 ~1:ml7 ~1:mng
    ~1:mtg ~1:mtl ~1:n30 ~1:n3a ~1:n4o ~1:n4v ~1:n54 ~1:n5c ~1:n7v ~1:n82 ~1:nee ~1:nel ~1:nfy
    ~1:ngf ~1:nhq ~1:nob ~1:noi ~1:noz ~1:ny2 ~1:o1k ~1:o1q ~1:o6s ~1:o97 ~1:oah ~1:okz ~1:ooo
    ~1:p4m ~1:p5d ~1:p6y ~1:p8d ~1:pa9 ~1:pak ~1:paq ~1:pbn ~1:pdr ~1:pe1 ~1:pnn ~1:pnu ~1:po3
    ~1:poc ~1:pos ~1:pp7 ~1:ppb ~1:pri ~1:prm ~1:prs ~1:qj1 ~1:qjv ~1:qww ~1:qx8 ~1:qxv ~1:r5q
    ~1:r63 ~1:r82 ~1:r9c ~1:rp3 ~1:rpi ~1:rpx ~1:rqw ~1:rrx ~1:rxg ~1:rxs ~1:rzn ~1:s6j ~1:s7e
    ~1:sd7 ~1:sds ~1:sdx ~1:sk1 ~1:sp5 ~1:ssm ~1:sss ~1:ssx ~1:tiv ~1:tj4 ~1:tng ~1:trq ~1:trt
    ~1:tt4 ~1:tw1 ~1:twe ~1:twi ~1:twp ~1:tzf ~1:u0d ~1:u0j ~1:u0x ~1:u5k ~1:u6z ~1:u73 ~1:uc6
    ~1:uc9 ~1:ucs ~1:ujs ~1:ul4 ~1:ulb ~1:un9 ~1:unj ~1:unm ~1:unw ~1:uoq ~1:uzp ~1:vat ~1:vb3
    ~1:vc5 ~1:vcr ~1:vcz ~1:vd9 ~1:vdd ~1:veh ~1:vel ~1:vf2 ~1:vf7 ~1:vfk ~1:vgb ~1:vgq ~1:vgy
    ~1:vil ~1:vj0 ~1:vj4 ~17:w ~1i:9hu ~2:gg1 ~1+2:gg4 i:9jf,9ll 2:9jh,9ll 2:9jj,9ll 2:9jl,9ll
    2:9jn,9ll 2:9jp,9ll 2:9jr,9ll 2:9jt,9ll 2:9jv,9ll 2:9jx,9ll 2:9jz,9ll 2:9k1,9ll 3:9k4,9ll
    2:9k6,9ll 2:9k8,9ll 7:9kf,9ll 1:9kf,9lm 2:9ki,9ll 1:9ki,9lm 2:9kl,9ll 1:9kl,9lm 2:9ko,9ll
    1:9ko,9lm 2:9kr,9ll 1:9kr,9lm n:9ja,9ll ~7:w,9ll ~1:w,9lm 2:9lp,9ll ~1:9l4,9l6 d:9m3,9ll
    2:9m5,9ll 2:9m7,9ll 2:9m9,9ll 2:9mb,9ll 2:9md,9ll 2:9mf,9ll 2:9mh,9ll 2:9mj,9ll 2:9ml,9ll
    2:9mn,9ll 2:9mp,9ll 3:9ms,9ll 2:9mu,9ll 2:9mw,9ll 7:9n3,9ll 1:9n3,9lm 2:9n6,9ll 1:9n6,9lm
    2:9n9,9ll 1:9n9,9lm 2:9nc,9ll 1:9nc,9lm 2:9nf,9ll 1:9nf,9lm n:9ly,9ll 3+4:9nz,9ll 4:9od,9ll
    ~1:9mb,9mw ~1e+2:3cw ~1:3hm ~1:3cy ~1+2:3ho ~1+3:3cz ~1+6:3hs ~1:3dm ~1+3:3d2 ~1:3dt
    ~1+a:3d5 ~1+l:3fl ~1:3fk ~1+2:3dg ~1+2:3if ~1:3ik ~1:3im ~1:3ir ~1:3iv ~1:3ix ~1:3do ~1:3j1
    ~1:3j3 ~1+2:3dp ~1:3ds ~1+2:3du ~1:3dz ~1:3e1 ~1+5:3e3 ~1:3ea ~1:3ee ~1:3eo ~1:3ev ~1:3f0
    ~1+2:3jl ~1+3:3fb ~1+2:3gk ~1:3go ~1+2:3gx ~1:3h0 ~1:3ha ~1:3hd ~4:feo ~1:fik ~1:fex ~1:h5n
    ~1:fey ~1:ffx ~1:fez ~1:n5e ~1:fh5 ~1:ffd ~1:fep ~1:hm1 ~1:h80 ~1:fju ~2p:14,3cw,15
    ~1:14,3cy,15 ~1:14,3cz,15 ~1:14,3d1,15 ~1:14,3d2,15 ~1:14,3d3,15 ~1:14,3d5,15 ~1:14,3d7,15
    ~1:14,3d8,15 ~1:14,3da,15 ~1:14,3db,15 ~1:14,3dc,15 ~1:14,3dd,15 ~1:14,3de,15
    ~1:14,3cw,3fl,15 ~1:14,3cy,3fl,15 ~1:14,3cz,3fl,15 ~1:14,3d1,3fl,15 ~1:14,3d2,3fl,15
    ~1:14,3d3,3fl,15 ~1:14,3d5,3fl,15 ~1:14,3d7,3fl,15 ~1:14,3d8,3fl,15 ~1:14,3da,3fl,15
    ~1:14,3db,3fl,15 ~1:14,3dc,3fl,15 ~1:14,3dd,3fl,15 ~1:14,3de,3fl,15 ~1:14,3d8,3fy,15
    ~1:14,3d7,3ft,3d8,3fp,3hn,15 ~1:14,3d7,3ft,3de,3fy,15 ~2:14,feo,15 ~1:14,fik,15 ~1:14,fex,15
    ~1:14,h5n,15 ~1:14,fis,15 ~1:14,g31,15 ~1:14,fer,15 ~1:14,g2z,15 ~1:14,fh9,15 ~1:14,gg1,15
    ~1:14,kco,15 ~1:14,m7f,15 ~1:14,ldg,15 ~1:14,kdk,15 ~1:14,ssx,15 ~1:14,h7j,15 ~1:14,k4l,15
    ~1:14,kkq,15 ~1:14,kcp,15 ~1:14,ny6,15 ~1:14,glp,15 ~1:14,mm1,15 ~1:14,rs1,15 ~1:14,nz1,15
    ~1:14,gc4,15 ~1:14,fkz,15 ~1:14,gos,15 ~1:14,i1y,15 ~1:14,nhf,15 ~1:14,flt,15 ~1:14,rt3,15
    ~1:14,ggk,15 ~1:14,nzh,15 ~1:14,fm9,15 ~1:14,pnu,15 ~1:14,po3,15 ~1:gun ~1:inw ~1:k1z ~1:oen
    ~9:28,2c,1x ~1:1e,1d ~1:1e,1e ~1:1e,1f ~1:1e,1g ~1:1e,1h ~1:1e,1i ~1:1e,1j ~1:1e,1k ~1:1e,1l
    ~1:1f,1c ~1:1f,1d ~1:1f,1e ~1:1f,1f ~1:1f,1g ~1:1f,1h ~1:3cw ~1+2:3cy ~1+3:3d1 ~1:3d5
    ~1+2:3d7 ~1+5:3da ~1:3cw,3fl ~1+2:3cy,3fl ~1+3:3d1,3fl ~1:3d5,3fl ~1+2:3d7,3fl ~1+5:3da,3fl
    ~1:3da,3fl,3hz,3cw,3ft ~1:3d8,3fy,3d7,3g4 ~1:3d7,3fy ~2:feo ~1:fik ~1:fex ~1:h5n ~1:fis
    ~1:g31 ~1:fer ~1:g2z ~1:fh9 ~1:gg1 ~1:kco ~1:m7f ~1:ldg ~1:kdk ~1:ssx ~1:h7j ~1:k4l ~1:kkq
    ~1:kcp ~1:ny6 ~1:glp ~1:mm1 ~1:rs1 ~1:nz1 ~1:gc4 ~1:o2g ~1:n5j ~1:ho3 ~1:six ~1:g16 ~1:ghc
    ~1:lig ~1:u11 ~1:fm9 ~1:g49 ~1:l7n ~1:fey ~1:ffx ~1:fez ~1:ijq ~1:gkz ~1:gfv ~1:i3b ~1:i1y
    ~1:nhf ~1:flt ~1:rt3 ~1:ggk ~1:hlo ~1:1f,1i ~1:1f,1j ~1:1f,1k ~1:1f,1l ~1:1g,1c ~1:1g,1d
    ~1:1g,1e ~1:1g,1f ~1:1g,1g ~1:1g,1h ~1:1g,1i ~1:1g,1j ~1:1g,1k ~1:1g,1l ~1:1h,1c ~1+9:1d,kco
    ~1:1d,1c,kco ~1:1d,1d,kco ~1:1d,1e,kco ~1:20,2v ~1:2t,36,2v ~1:2t,2e ~1:24,2c,1w ~1:9lu
    ~1:9lw ~1:9ly ~1:9m0 ~1+2:9m2 ~1:9m5 ~1:9m7 ~1:9m9 ~1:9mb ~1:9md ~1:9mf ~1:9mh ~1:9mj ~1:9ml
    ~1:9mn ~1:9mp ~1:9ms ~1:9mu ~1:9mw ~1+6:9my ~1:9n6 ~1:9n9 ~1:9nc ~1:9nf ~1+5:9ni ~1:9no
    ~1:9nq ~1+6:9ns ~1+4:9nz ~1:fl0,gp8 ~1:9lu,9n5,9oc,9mw ~1:9lu,9nv,9n9,9lt ~1:9lu,9o3,9ne,9lu
    ~1:9lu,9oc,9nv ~1:9lw,9mz,9o3,9m8 ~1:9lw,9o3,9mp ~1:9ly,9m1,9o3 ~1:9m0,9mh,9m7,9oc,9mx
    ~1:9m0,9oc,9m3,9oc ~1:9m2,9o3,9mh ~1:9m2,9oc,9nk ~1:9m3,9lw,9nu ~1:9m3,9nt,9mr,9mw
    ~1:9m3,9nx,9nu,9oc ~1:9m4,9nx,9o3 ~1:9m4,9o3,9ni ~1:9m6,9m4 ~1:9m6,9mz,9oc
    ~1:9m5,9np,9nu,9oc ~1:9m6,9nv,9mo,9oc ~1:9m5,9nx ~1:9m5,9nx,9m8,9nt,9nk
    ~1:9m5,9nx,9nl,9oc,9mw,9nv ~1:9m5,9nx,9nz,9mr,9mw ~1:9m8,9nt,9nk ~1:9m8,9nt,9nk,9mw,9o3
    ~1:9m7,9nv,9mk,9lw,9nx ~1:9m7,9nx,9oc,9n1 ~1:9m9,9oc,9mh ~1:9mb,9nv,9my ~1:9mb,9oc,9nh
    ~1:9md,9lw,9m7,9nv ~1:9md,9o3,9mp,9oc,9nk ~1:9mf,9nu,9o3,9m8 ~1:9mj,9o3,9mp ~1:9mj,9o3,9mw
    ~1:9mo,9oc,9mh ~1:9mv,9mf ~1:9mx,9nv ~1:9mw,9o3 ~1:9my,9n2 ~1:9n2,9mr,9mw ~1:9n3,9lw,9ms
    ~1:9n5,9oc,9mj,9o3,9mw ~1:9n5,9oc,9ms ~1:9n4,9oc,9nw,9nv ~1:9n8,9lu,9mh,9mw,9nv
    ~1:9n8,9m7,9nv ~1:9n8,9mb ~1:9n7,9nv ~1:9n9,9lt,9nt,9mr,9mx ~1:9n9,9lv,9oc,9mw
    ~1:9na,9mr,9mf,9lz,9nv ~1:9n9,9nt,9o3 ~1:9nc,9m7,9mn,9oc,9nv ~1:9ne,9ml ~1:9ne,9mz,9n6
    ~1:9nc,9nv,9ms ~1:9ne,9o3,9mh ~1:9ne,9oc,9mg ~1:9nd,9oc,9mn ~1:9nh,9lw,9o3,9mw
    ~1:9ng,9nv,9mw ~1:9nf,9o3 ~1:9nh,9o3,9mx ~1:9nf,9oc,9nv ~1:9nf,9oc,9o3 ~1:9ni,9lw,9m7,9nx
    ~1:9ni,9lw,9nv ~1:9ni,9mr,9n3 ~1:9ni,9nv,9m7 ~1:9ni,9o3,9mf,9nr,9o3 ~1:9nj,9m7,9nx,9o3
    ~1:9nj,9nu ~1:9nj,9nu,9n4,9oc,9nv ~1:9nl,9m4 ~1:9nl,9m4,9mw,9o3 ~1:9nl,9oc,9mw,9nv
    ~1:9no,9oc,9mx ~1:9no,9oc,9nv ~1:9nq,9lu,9o3 ~1:9nu,9mr,9mw,9nv ~1:9nu,9nt ~1:9nv,9n8,9oc
    ~1:9nv,9oc,9na,9nv ~1:9nw,9nk ~1:9nw,9o3,9mw,9ma,9o3 ~1:9nz,9mr,9mw ~1+a:1c,m9l ~1:1d,1c,m9l
    ~1:1d,1d,m9l ~1:1d,1e,m9l ~1:1d,1f,m9l ~1:1d,1g,m9l ~1:1d,1h,m9l ~1:1d,1i,m9l ~1:1d,1j,m9l
    ~1:1d,1k,m9l ~1:1d,1l,m9l ~1:1e,1c,m9l ~1:1e,1d,m9l ~1:1e,1e,m9l ~1:1e,1f,m9l ~1:1e,1g,m9l
    ~1:2w,28,2p ~1:2s,2p ~1:1t,2d ~1:2q,2p,36 ~1:33,2e ~1:34,2r ~1:2s,31 ~1:2s,31,4y ~1:2s,31,4z
    ~1:21,2d ~1:inn,jdc ~1:k6l,gp8 ~1:hlz,l7n ~1:k5q,lh7 ~1:kkq,irz,fmi,ny6 ~1:34,1t ~1:32,1t
    ~1:qk,1t ~1:31,1t ~1:2z,1t ~1:23,1u ~1:25,1u ~1:1z,1u ~1:2r,2p,30 ~1:2z,2r,2p,30 ~1:34,1y
    ~1:32,1y ~1:qk,1y ~1:qk,2v ~1:31,2v ~1:2z,2v ~1:20,3e ~1:2z,20,3e ~1:25,20,3e ~1:1z,20,3e
    ~1:2c,20,3e ~1:qk,6j7 ~1:31,6j7 ~1:2s,6j7 ~1:2z,6j7 ~1:2u,31 ~1:32,31 ~1:qk,31 ~1:31,31
    ~1:2r,31 ~1:2z,31 ~1:31,31,4y ~1:2r,31,4y ~1:31,4y ~1:2z,31,4y ~1:31,31,4z ~1:2r,31,4z
    ~1:31,4z ~1:2z,31,4z ~1:31,6qd,37 ~1:31,6qd,37,4y ~1:28,2p ~1:2z,28,2p ~1:25,28,2p
    ~1:1z,28,2p ~1:36,2p,2s ~1:36,2p,2s,6qd,37 ~1:36,2p,2s,6qd,37,4y ~1:34,37 ~1:32,37 ~1:qk,37
    ~1:31,37 ~1:34,2e ~1:32,2e ~1:qk,2e ~1:31,2e ~1:2z,2e ~1:25,2e ~1:34,2f ~1:32,2f ~1:qk,2f
    ~1:31,2f ~1:2z,2f ~1:25,2f ~1:2z,q1 ~1:25,q1 ~1:2p,1a,31,1a ~1:1u,35 ~1:2r,2r ~1:2r,2s
    ~1:1v,6qd,2z,2v ~1:1v,33,1a ~1:2s,1u ~1:1z,3d ~1:2w,2p ~1:20,28 ~1:2x,32 ~1:23,23 ~1:23,25
    ~1:2z,38 ~1:30,31 ~1:30,32 ~1:30,33,2v ~1:30,3c ~1:31,2q ~1:31,2x,30 ~1:31,33,30 ~1:28,20
    ~1:34,1a,31,1a ~1:28,28,25 ~1:28,2a ~1:37,36 ~1:2b,3a ~1:2f,2q ~1:2e,6qd,31 ~1:1t,6qd,31
    ~1+9:1d,k4l ~1:1d,1c,k4l ~1:1d,1d,k4l ~1:1d,1e,k4l ~1:1d,1f,k4l ~1:1d,1g,k4l ~1:1d,1h,k4l
    ~1:1d,1i,k4l ~1:1d,1j,k4l ~1:1d,1k,k4l ~1:1d,1l,k4l ~1:1e,1c,k4l ~1:1e,1d,k4l ~1:1e,1e,k4l
    ~1:1e,1f,k4l ~1:1e,1g,k4l ~1:1e,1h,k4l ~1:1e,1i,k4l ~1:1e,1j,k4l ~1:1e,1k,k4l ~1:1e,1l,k4l
    ~1:1f,1c,k4l ~1:1f,1d,k4l ~1:2v,2p,30 ~mn1:ui ~1:uk ~5v:x2n ~3m:1v ~1:1y ~1:29 ~4:86 ~1:9f
    ~o3:x0n ~1:xtj ~1:h7 ~1:xua ~a:i5 !fbr:rpk !1:kc4 !1:s7e !1:rt4 !1:lw1 !1:fg2 !1:gkl !1:vj0
    !1:vj0 !1:hn5 !1:ssx !1:gw7 !1:hmw !1:jcm !1:ne1 !1:p6t !1:qin !1:qt6 !1:r20 !1:sjz !1:kxu
    !1:ljv !1:mah !1:mvy !1:q4d !1:sq2 !1:uep !1:fia !1:ghh !1:l50 !1:mjf !1:qi5 !1:v8e !1:ifk
    !1:m3v !1:qfh !1:r50 !1:jih !1:pnc !1:qvz !1:iq2 !1:kd3 !1:lm2 !1:mpo !1:slq !1:fpi !1:g53
    !1:gda !1:jwk !1:l3n !1:mj4 !1:nhj !1:pa9 !1:qh2 !1:qjg !1:s1b !1:tv6 !1:upb !1:v7e !1:nt8
    !1:nzz !1:otc !1:q15 !1:t1g !1:vb3 !1:rfa !1:hjz !1:iro !1:okg !1:pdq !1:mle !1:nuy !1:rsy
    """
