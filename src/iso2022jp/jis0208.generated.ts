// Made by tools/make-jis0208.mjs; do not edit.
//
// Source: index-jis0208.txt of the Encoding Standard (https://encoding.spec.whatwg.org/), of 2024-09-18,
// identifier cbaa91f3deb7d0841faf5c33041fc15a285da0e87e64ab802c4bf04b7c4da861, pointers below 8836.
// Copyright © WHATWG (Apple, Google, Mozilla, Microsoft). Licence of this portion: BSD 3-Clause, in full in
// src/iso2022jp/jis0208.ts.

/** The digits of the packed form, lowest first. */
export const digits =
  '!"#$%&()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~';

/** How many first digits begin a difference of one digit, and how many one of two. */
export const oneDigit = 45;
export const twoDigits = 30;

/** The packed cells. */
export const packed: string =
  'pV[!!z3d#z.Dz.Y!(O2z02!pV.}(+}(F}(?R)R*z/F!P]!QuoS3oS2!!SnnbX-{0QOMO7{%a{%Y{1g$=!%!{0)!z3<!z4?#O/#z5' +
  'D!!!!!!!!!z3C#}&*O?O3}$t{"}{"x#{"s!P,Lf&&oyVoVp!S"{/tSHS;!S>&%(L}&eoxM$Ok($1$O@$F$6$n!0n[^nT6&!#nT3~' +
  ',nQa%Q1!-!PL$~)&!{)K{+B#OK%~,O-QEPrTJ*PKAO"!P<O9O6O"7!~(T,S}n%9&)n%R!oVD~$ow^~0zlr!!!!!!!!!~(0!!!!!!' +
  '!!!!!!!!!!!!!!!!!!!~&.!!!!!!!!!!!!!!!!!!!!!!!!!~$z4(!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!' +
  '!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!~,<!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!' +
  '!!!!!!!!!!!!!!!!!!!!!!~)pH0!!!!!!!!!!!!!!!!#!!!!!!~)0!!!!!!!!!!!!!!!!#!!!!!!~GP$!!!!!KJ!!!!!!!!!!!!!' +
  '!!!!!!!!!!!!~0!!!!!!O+O,!!!!!!!!!!!!!!!!!!!!!!!!!~.o^I#4(0+0@3@0Om#8(0+8@3@@OL>1>0O:F9F4~~~~~~~~~hSJ' +
  '!!!!!!!!!!!!!!!!!!!`]!!!!!!!!!~!ng|Oa<OIOa>O>OYO),P.O$)0O1APY!!C!O^O<~)OBb:#nW4nl^nlJnez!!!!Q,!.UU$$' +
  'nd%>Oc%O02QQQH$Q|QR;!~~~~~&pBpn&Sjvq>dq]#nH9Yvn6cpy|nDPV#n4No6:aEn<[n1:oQ)X:o4ApjNneNnT&a:n)VXPpD)nk' +
  '=o@{POoMGq/Bo;1nFlpF{a/gWc;WvpHbXCpX!o/FO=OzP7R7n(U[-QvOMYljGOSPYi=_tn.Eh~O5hjd&Ox_7angY^)m-O=qDDiF@' +
  'n6pp.bn]ro,*p:Ln@En}5ocGo!*n5CQyo63r4RZ^UfO;YY`jktq1Qp:}nn)gAnd9<OSV$qjZO%n-`nzxnVWn]^n+;qh#r.voi:pD' +
  '(p8&n7rnrwo-FTRo!Mo8-o(5qacn%6o6fn-"o^MqOmn.@q^;n(Qnqmn}MqqLXbm|g1n(bS)TIftRUO`n+S[~c+oMtnzqm[Yfn3)o' +
  'wen/rTfok1q-Hp75]Yn0tpA2n~<ZPn!CTdTO]&a[U/b~P-n4I[MVdQGO~Q3VCn?Ch=PM^xn?QYQn??qnonM^n(?n4Iol:n+YObn$' +
  'MPO_OaSflS~QUn/-nGKn8nnrtO2X"q`Xn]=o%vpeDnB9m^oYxo4Fn:boq%WUbxnKQnP"nG+oLKr.okUf_PfO%P`ORa1UjZ3`?WxS' +
  'nOIoN+nosTQO&cKV=d3b)n"fOUQ7Ubn+COGOEP~Q+O.cEapppup{jaSPhn)Gn`kp}BnL[l5n_+_SnI|S3g1n"Sn;9[?Rdr5.P5q6' +
  '^phLVGQ;n$zSdOrPlOZVKOxR[[vpy3pra[7j)`$jSU?n*)lCm/nO"T-n:qq6%Rzn%lgyn*KV5gSn0Wffn?|nG[c7Z5n6fn*npGZp' +
  'A`nm4pR:n_SoRznB+qQ0ep]Pn?^f&Xhc$+c$n.IltWvnW~OdcQWCY/idSfS-q=PUfnJ`pP"!pqmo*EnbuP?XLpj5pD2oHPa-n?f]' +
  '?n<rRxRtn|Cibn%"qZ>rFEr$anz1TfpGSpS%o%Jp1vn:jnLhWtqD(qzQpsZo=-U"n-Rp8apZfnPeo~:T1Z9n<7n9{R|>nA/n20]h' +
  'X/W`8Oz]v.ZSQ3O|PMZ9V~]$Q?R-[+JT/_$Q$P>m^PhXMOCeOR"Q;XGUfRSR9XIU;n$ATYXvdvd^UO&BRfVKUvo&spm6n#Yn3)TO' +
  'n~1^1Sdo;HoldnLSn9SUlOz(r+a:gvZURxW7UfX;RURxVhP|UhfOapV86UEWl1WInG@nO)P;Pdn5[dUoMuoQr`3oJDp47QM^"RfU' +
  'vP9n9rU"U&r>VYUQAn35Ynn()P9[|n%Wn,`_rd/n&"n1l^nRGp(ooZ7nrtqha/WdnlAYdoZ+nj<naJq"Or6qn1"oy"lOn9Sq_JOM' +
  'Q?P+ijPtn-"bETKl;Y3kIOSPzcIc5n&EOdPKZ"O.Pho*<nHloQ{n3"WYjp<Ofn@ro.?drcxkvopan>fod&r>B%!Sb*U-Q&p3Mp2X' +
  'QEV+O]PSPpX9_=gl[OFSMO5O-^OZtk"]3n#vOIkCn5j:T-adnDE_dfGU|T-r76_jn<tn<|_hnLqn?"]Mn;WnA}ntrp>wZ=gvn(rp' +
  't?pHkn!)O&n5El~OlW/]EjzTMi^SCXli&Y[qFsqJ^qkeXjc~R8oWIR^gUn@^nE)nA5#4r%4nZQowtpZJou7p5BnBfppGn%7r%#oF' +
  '~p#lpvg5n,3o&^nQcp:-n0Lnwmn6>ovCo8Bnv0o"ro!]p;EqVBTzp`?h"n=XnWrZ&qEapt3nXTp2LS|UrR}f)XloGIoEHXCn$9O7' +
  'SfT)AOxYnQKU/T-X^n"rn,9jI^hP9P1RCThcfOlc$aMPMT-cMn65mro<unL?nFpr+unZ;[lnB$p"bpMJo+Bo;=V"_CnAG_Gn@CX~' +
  'okuo-NUQIOrTURWOIa`V?Sp^zfh^[P"SzQ9n""TAn1pOQQ?jhPMkSn&<n8~n4xW/XIY;W5`W`=XnX3gzrA4[[Hn?OR5nVfQ$k&Q/' +
  'n7)k&n.nSxnBWr#:X1dvQl]C_=W9]bRSQ3`U`M[xn(QhGn;"nEln0LOt`Q[`f~b=gMhtWSn([rSP&Q1g$T)9n#UmAJT"n03Y)n:"' +
  'fYni=,S)n$IqfNrBAr@qS3OYPl)U1O9U1O&O~QtP)OO)VfXGP9XnXf2OW[O#@Q=6NO-PYU?SxUbOvR~W;RnOvRAQ-RGQ&U3]pRvO' +
  'rRlPtn(-UvY$X^^-O=FP"P=[lGR7#R$OjQrTxk3J^`V~PKd`R5S|o9>o<=^;R1X&W;UI[jr46P7UdBj5n;tnKAoF?_znXxrBJSdY' +
  'z^Qolfo(bnEjVSp=wg(njvnHDnyoS=q13p)#oH5orkpCnr+#n0pQ"V"WKn$3V-g?5ZfQ+lpn/;n,^lKo1`r>,RIhEUEn2=Q)0n;I' +
  'i3n/3c=njCn7+n?0p`@n,Ah[nk:5SEn{rniucIV)YEd5_WUti/aC]r]1oahoUXn!UBUYns,o+"n([jfn%Kn-[ql0j"n^Go-[nM$q' +
  '7Ln!GqMWqH6ndpo(Gp@Jn2"kgo]voxYrI%_l[$nZrY/S[SEnkjS&XOo!5p9qpj)o].p*oW4R9n97n*zX&Od[1hno7nnc|o[#owxq' +
  '*2pU+n3Yov!n_yo.a]fa+n3nhActS$`+n8QY"U~n&G_fn0IjxU|i1n-hpjRT$j[oG>$PdO~^bX3/Y=StY|SC&O`UnS~W~OEWlP"_' +
  'dZOn:4n<z<OIW~dMO$Qdn+[n#|Q+aEO5DbjPWSfn-~Rp6)O?P[XjJn:lZ`pI#oH>RAP9X=n;=R$m"X)aYjYctZ!n!1]ETU_jQ-n)' +
  'KOAX$^?n@xom!pcjqPVpAzngbofmnshpjaq9tr):n#OetU?WCS9jfnQ3QIn(to(Kp^qp1jn6>p=6o*?o;ro}>p/1n+JeGpY4n=Mn' +
  ',[p53p({nE;n.|dv_lnA7czW[n98n:QqVe_En6|nA9n6MX)oTQQ3V5n_*p$@bYXGnlon!bn.?n)-jhgbn,QSrn%Wn+jnGOc~n1Or' +
  '&*^vQbn-bn-In(fnpfo4KqTR`NQpn+MQpWnnQ*ncQYUn<;nIC6bjT=VzZ5OW])d/U"Z;_WRUT+T[O5m;l:qdZQYYGYSnH&]=n"[h' +
  '-XKm7n?EnqrRKqLDln^7ni&nChj=W<oqPo3AoW]pzzn-rqTRnLvn6Onf$aEn+bo,Ir$LnPln%?c$Z3[xR$R|n-ln$CoU0pe|TKn&' +
  '^qvkObn^=gQP&n+rnY2oT[WSo/goRIP&kAq(uU+n!`kxT)Rjperb|qt<PhX3OzOAR)S|PSMSOazPCQ7VbP92#2[x,PCQ[`Q*PERA' +
  'M]h*O5P)T7TpVjL]URxQ=P5_WO!OvgpU?V&R&P`QQSdOUW?Q`b5aWRIR[`[QhU"O-O"O1Y7Q5j&RdTWQp]OS|r,s&LOfaWS5mCPd' +
  'Ql[O``]bf~[j9n#Oml^fj|n<~n(xn%GV?qB]X=qYKpyHn$W]Yn%jnHQZEYQn,|nVnnf.n2"pjwnKyR1ONm+krX18dxW)Xz]IQr^1' +
  'R9d~Q-n+tQGV;Z~QKariWRx`)ehQ[h5SdQjWjl7r$u.a[n&CQ)`ro2zo1uovjn4+n"En(?T;oDwnZ`nM)n(Rq4eaqq?nq<cajn(I' +
  'n!1n3&g[n)Ul7b$n3/n/"TKX/0bjofmo~3qG,P[n01Zdo|+n6bpjedzXWo;xnuWU}nP*o5>n@{n2snPkof3lEnX!nv0P|R7n*-n"' +
  '+R+Y-a5O^R5PA]CS>ar^/h-^EX/n#9cOp%kpVvQ?Tj=Odm+VYn"O.pagnvbn*;n}=q*:^IUGc5PvVhn_b[WY[Y=_&nD7ROQ5Q7n}' +
  'Bp!Rnb+RxQvWkp&jnZcUEnVSnG[o52i"l^q)Z]$YQO-n1MPUHXEgAO5[vbAO5h~Q3ORlon-IY?OQnDZnwdU&ZYPxV+X[Q~O/bUj+' +
  '[dTv]M$ZlO._tn$nr+uaEo6SYWoXRp*fj;b7jio~oYfg^n*Ob"$[^n8A^W$b|P&QM^[QMO;n49ffnFIn#*nUUrFqW/UzLdyn!na`' +
  'PYo27o$oS5n70nP/@[vOAP!Q3TKT`TGn6*nElOSkp_/om>p%[TEcU[;SdO]^v_`>TOP7UI_"iM]jPpa+c)_|r+8n.ln5Eo[)b?n/' +
  '$`dqUeRAX^U"nKh_Cf7n)AoVz[|qU:nI5pX|p#Lo+vp6optxq!>njAn2DFQzn0)a`p/vq]2n<[@nohoMjpsu_=W3n,)V5mdo:do1' +
  '{pEMc&P`r3}n3veWoq7omDVlUxQrT~SUj1n#UY7nh?RAUvn"=ffahOOn%tn1j`6r?skYlQoeno#$n)$n")pQcU`oG{Y=n%=n)MP"' +
  'O^n:)arfrn~bn;rosLo?)n.kp^}psnph_$i@qYSR*pzVp(rolJoHMnxIp"}om=o4#p1Gpc#o])q@#k~^GV/nBjS=[+mW]nQ/[Gn+' +
  'p`7RUY~]KQMn#~dWn4?q@%Y"n&Mn&=SUe;U5n8Gn|Oq5qp(fo^Tn/UU`n$An#?n8lfWm/]Sl+n6Un7|oN!n&<n!fPGn8)nBCo!mR' +
  '1n3Wp+}oEEp0,RjnIvg=_IbzW~k-o5MYtX?n*rW^n)bpU,n$5`;n[)VOn1xqLBabQEdCn&3ZAO-P3QbO5O`P)Z|TfcAQ1n1j_W_`' +
  'Y[n6pRjOrn#pajO-^=PtiE_I]^jbr0%n`dnq^n[qmnn+zo2Gn)~^vp1Fnvmn`"R[o}$cYoM(o9Uq$knZ[gNn%Io<6oY)n,>p)Mn>' +
  'Hn,{n|pp5en$zo-6W-Zjoedn@koO2qGbnE9rK@Q~TCO$XSq49q)%d|bh]MQ+O"P+OCVIZQQEQhjYcAnGnT5Q5dng~n.QSKb7XUR)' +
  'Q$R5nM"pcan3,QOQbn8An-Wi$n{&bKovyo7!n?Mjrp8vQ|[QqX.n*1R[a/[&nY/n`hn8,o*|ZKn85p(*ocVoFpeKn!)odUqt<^pf' +
  'UO7Uv^Sa;n#~XAn)1n1|nN"n5ta$SU[Co>_JoyVnF3n-H[Mn(?n]VU[P;O5OY`Sa`(T$Z|V1Qfa9XjWCa`S&Q-O9nQ7n5XQjS._7' +
  'U~nk8o#nc^X[6&VxQrp<8pcrT3Q1f`SpUOXIYC8e|[^X$YbgcqpiYlU9eSf"n!^_~n2ln>Ea;n$5`SnG~Zdpw(qTQr..nH3O+nPv' +
  'jUjp[[ZIn]{n+"o+boiJ[`o/Dp-)ndmnKFqWGo8Lp$Fpv?oa,o6:n#bg`i5n+;oXOe5n/"qiZnk7p<?q+Lq"UqNkaJcYpl-mro<2' +
  'nK.pUYp4ipXGoAZn3,ofJo!-oy1n0+p82oMLnO`_7p[AqBLq15nGsn#Sp&6n)to*!_tn0^^fq;^r)Pn>9n%Ap9Go;{n:)P6oKXp-' +
  '+nd_VgnoXVrc+TfnLfn?jpMDnaUnaHn8fUBn;=nWSnMKeGO`QSnQ-n$P_yp-{i"ZEouWof*m^POn*;edoN*owIaGo&Mr-mnUxf?R' +
  'IXAZ/nXlhDnT3GnSnZGqZ_n/W]znQ-S`n/bWEo6`pl]pmOn8Wn%an3FnO8YXnGdpsBaCSnnYMkCk5n9MknT)n!natn=Ep0!n1M_[' +
  'nFfn!Ko!Gjfr>0p3WaXadj9len__nI8of^nB#>op]qY$oo{n/[o>En7Er9_pXdoG{o0zo:&n+xqxPXvpNQn[`q~Z_pTtQA<n<)n$' +
  'dV9Y7iv@n#hPfUGV=n51e=d=n)&nbTn~|o[]p!^S=pwBa/nV~VdY3nHjWjplZOAS-mAkGSnU7WAOSOW_Yn%CStn5"S|X~UYeMWlU' +
  '&n0/YxY`dKn)fVjpP%ni^p><nD=b[n/1gQn2$_7n2voWjq#(njAp"oogOoxSq:mofv[Kb0ob2QMn|jn#;ny/p)4nT.R?oh9n(*nw' +
  'Wq9(nYQn>zZ;_$n#3h`nV|Y5ZGpI>j|nhKf$n5bn_=OcnS>[Enzhq~!n>rn$Wn.|^^oFOOKnB|pgwnZYp#(Rvn5hUbUAV;n;{nH9' +
  'QnVd[d`5OSRnn*Kj+n57n$lP+T$n49USP"QWn3`OCqyBny=n(zo$x[)T9nCKprynM[pRvntoS=pzZb;nM+V:n4CnkOn/Sn-SQ9o@' +
  'ynV:aSn==oM}on[p0Ur,oZjZrZ~n59RtnU/o+:okrPAOno79p_Po<rpd<V&Y[n)=n$^@Qjn4&o6*q!)n_3S&o7co@pq{kn.hoL-[' +
  'Eo~ooy3nN3n8]p<#n4&o3|n8CZAng`O&Q-qVk`Gn,SjKq*tr"2pd"nb-q<unH&n0Kn9lnr)n%+nxFp%en"7n47RIi?k~n`"n./pl' +
  '_OL`MUMe=TW[KUr$OhVIfARKXfQ1Upn"d8f;n+bn#f^QXbU~SCZ+Y|TWZ?ghZWn$neSQ-rKmP;Y3XIk&[`h~WI![ph=PfRIT+o(w' +
  'p=vc1T"n7OW+OYn"Md+q`6qk3qp}[*]Ul|nFO]KnAnk=_Oo*|qNuo7KTanq2n%Sk2nPSo1UpL*ounnjenvUoh&bIq{>Y7nH`VUft' +
  'o%yny"nCZolno8DpnApl*podpmao6]UEe1nV^h7n!+oknqT4pO`o[CrTgnp5nLOR5n~GpZ.nl^pnMqDkoLGoSTSRp<`o1_o#rn?<' +
  'n*3p%}ok"n`:nA$orHn%Mo-$UGn!"oU`n%/poknTNPin2T[tPxnf9nb)o3/^-n=/qeZo/UcRoKRo*3ny/OMo53n,Cq3gn!~o1zp2' +
  'JXnn`7n+pdrn)&[nhWpjXn~dq$Ip)anZ%nu}qv3qB@n$Eo9^n^[q"enBzoE1o/YqbXi>b)n,`o3;nQ?nfGpfLo11orwnF$oKvn3`' +
  'hbgdn4EpS8oLznT~pi{$nDUn8vnw1gEq2Pn#2XjWMT/n/3_?ZESG[Ka=S$n&zS<n""!YOfInYrX=n"3P$P`n"nnX4pN.n>8S$Ueq' +
  '@)idn4Uq}mnPAjkZE`1l&O3RnZ5]"QWa=Wj_KcGn!9jQQ&gAQ;ihWS_b[Yn$G]bq#_TMn3QUnSfnjWOSnj!ngEn11UGocDoD|nvn' +
  'UXp4Nn_&n)`nLnqe8kGn:AnOhjjn~;PWbpq#BY&n1tn@5V"nBhQ5V-nmnDn5-klPop~4nsdn+xn8Io^FngEojRo<3V$mbUl`WfYo' +
  '7xoANotbrOqng+g^o]rq%:OCZW^acvn;tn9=_`lYmM`zVE]$_$n!;n21n""UriCWYqs8p;|pIVbUnsjn%"er[jnOjnM;n-)n"7[3' +
  'p6]oD#n{;nZ7o>jr,JP;PAZWSxn@v[hnqOn!?n8rnY)hYOrHn-QRvq+:j7o4aQSoO9o,xp5,VtUUnO$ZKn@MX"]=hQnAr`EqM_q|' +
  'YpZ%n";oDUU$n7$qmcn-QhfOhn0I[nO"dpW^a~Qpn59f3Q5n)An8IqP8r@povin*Ynl=n2%q5}gnpxIoT4ob+nDqoZkn)EpzlrM,' +
  '$rB[nfeiNPLoEZn!&n;bn4/~Log@nc%*J.*,%%H#OG%qG|qGupk;okHn`@@!!#<%%O"$5#+J.>?O"DP9OJOI#/COQD.2O0G.O5O:' +
  'N@VtUV6E4%727H!O^<KL-O6SXS7OI0%ORAO79On(o%"o$g-3D+L80O&MOQ&N!O#>H0.0766+H3!H$$,.O$)*$(!D/0<p2xp2m!(D' +
  '#m3m!),###!<#+.!!0&!&*00(D*ppIpp:(%*2,.2/O$%(*,L9.!D7L4948&@.&O8N2qCM$qBu!>1884.*%qv5qvDF#%!:#ofhofa' +
  '%$,*28##*0,$lBlG(VaW"6*n""n!i+6H4,$2#,:p+no<Qqe:nnrn@GoNN/*:.Ol%K!>?0=;OUOvO*O$OTD,1O7O#*7<87OvO@LI.' +
  'O"(O6%NO2O&&O+:!OE*O#A$:O%PE.O9O#O2OOO#B!O4-OGOlO(S(S9JO>%O&,@OZ.O?O:O5OWMO&O,O"0COtO0O1O%$O/O:PA#o@' +
  'roAP#+,OY1OaOn&O+/4L;-L20&</*#)0,%#(N6.$**$%#,*&UmUv4B!LI*>O&PEOgODO/44:FA,,F%<&!ObO_:OC<(PAP<OvO#O=' +
  'no|np_MOl8O[O*8>O;O<)7N<&,#$:50-@6$#!!*0,6nY~nYm.!*,,ocCobu-&8&4&.*)>2O+n<TP1n:|>HO7;P8P/!P-/?6IBO?O' +
  'KO<K!OK0OSO7#:5-O?;>%IO;!B$6O+P_PK80*#-B(*!4(.%#%n;On;N,%O9D6(#6+H#++.,*,)D#!*,:#,@!0*0*)$SBSz#nQcnQ' +
  'p%F*%`(`S@-,-<12D@H)=QzR%O54#O~Oq+7%<3$$O[,+)O5.%B)&O3->#>OPOA*:(,$(*@.%L>$34O)!:$)<2)6%#O0OO!(qU+qU' +
  '#O5O5!,0$.:/)!.$.!%*#)((,*,P?$P<,*F(62.(#O4O7*!#08,(8$)6&27N-$00*>O&O=O#H1KS/RJO7OrP(5O$O,O9O!/L-O#O' +
  'IO3O(OE:O%M+.LO6O5O:OG$GOC8PKPcNO!N-!-JO.PCOHOC=O4RkRz2EO9Q$OgAC!2;,2O/OB7O+!Of5O!$O99)C02*#OQ(O4!!B' +
  '2-78G&7O7O;)AO=O%,C.O&%O/&$OOOT-%;BoL`oL_O$)F(/6&$##0!($0.%%2(##!<:@*3*0H,.9H!%OpP<BOz/O!HOSOiYxYwHC' +
  '&3*ONOOOzO2%O`O@,O(,PMG>R~R}P$3?OIOaOMK/LLP.&PAOIOH,O-O*2O;OZP;O/OR:F@SQT6BO(PG0.OFS;Qi&D(O8O[O/3=#;' +
  'O-O!OQ7oI[oIm!ZmZn8OnOc&&0,)O)(O#O1$02!#$#n]zn]]<$36,$J,4!o|-o{](888%-%0,2&.!@VrVB13V`UJ!&O%OY9*3O-$' +
  '.%!5%<F*,--H*O;3@9&0;O/(,R#R-%.*#O".00!pV~pVsB565$>O"#14!O=O(OfOPGO7$O)-O.OWOdOmOdOiO`OXOK/$*8OaJ3O5' +
  '^U]FOCO0N:O,O+PbQNOO4H0O3CO/O(2&O%ZUYHP#OvMO&PAQBAQAOeOpOVP+(P#OIOu.FGPYO>?OP8OxONO(>Of#C2&PPRE&O,O+' +
  '=O#OGCOaOjOeO+OHOU)$O;O#P&+O7E#DM@nPsnPhFO:0O.QIQy>+1O1OG4O&O$O.T=TL19O/PBPrOXOAOHO10R=Q{COUOgPdOoOx' +
  'OXO)5:O2CO!Pt)FO.O/!;o@So?k0$7-1OW=<OaOS@B4o>-o>FO"(pW5pW%O$$nD=nD<pIrpIX+,.2-.(#N!,!($46)2,,!(%$#(*' +
  '4*08:$0+pg9pfg6!.2$Oj5:0O"6:O(O&O0O!6O1&O[OMO2O!O&GO"OT%:+O5HO!BO^o>ho><9D-O4O+&O8/PEOSOT7O1O6O^.[A[' +
  'eQ"O+9PDDO1OR<O??GO+O!=O^O86AJ(OrOvOwMPIIO8O,P&OwP-OHORO;5HOJS9SJO)P+OCGOUGO+O!?JGO7!P%LO-O<R"OVUAV2' +
  '8,OvP4OrO{OzPgP|OLO.QY;&2$EKQlQJJ/O>O`%OUPRP1C&%J:O.O^7NO%(O$)IOO#ENC<EO-$R.R1-.B<;O1DO`1O-OxP#8--OU' +
  'KD+OS;O1)P/COYO:+O!4LO9PpQ,BF(OIO2*H56/D8-<.),<%6:*$(#2!%!,*:O+4($,6(8*D1B%&4(@&!O"&ojkokK=D/.N-/+O$' +
  '@!p=jp=]F&00),$P3MO)I*O=2CRhQyPlP.OPOh0O)O!O3/O%O):.=.80:F2O9**SLSb%(#*(&!.$:$#.#$0&60,@02)$DMH>-%(#' +
  '6&@!IL$1D,%0&O1A@?0-(9O+)0.4-O3!)*E43!O"#+L01!!#@+68!&L+2!,!!)*(#(#((%*%%0),!L((!!062+8%(#%nXMnX.:$)' +
  'O=-/.!9O+!>F<%C4O&$-J),>&D,%,)!&8,4%#.6<@,TOT6T;SPP)O*D7O/?ND9*O79*2O!&2*O7-=O95F6$0F$JO350--&OA*6F4' +
  'oy|oyy(*,!>8D*9#O=*6!.$Q}RA4%18H?O"!.owSowH2(6>&%&FO1O%,>$-n}[n}N%%#,&,!%(!(.%D:-+OMO,!*N=<O&OGQ*P)O' +
  '{Ov1OSC>=2!-#OQ-.G>&A.)OZOlOW76%O,DN8OC%OR$Q1PZ.8O6(O37O#OM(%9O";D>5B-A@0.*?>.2<:H2927.6$$)6(%*)L/4,' +
  'oPEoP.%##(8+O&19Oj,O0(:7BOMO03O;7,O4HOS7ORO[GO/O1;9DD7GQ`Qu:OMO>O(BOC*./O-5EO;*O$&AO1GO!#NO;O3OL/(4;' +
  '-0OM710-!O1A$F$0R>R/nd1nd02!%,&%!#3:!Qt#6.!!#!($(.!0!&B4()*$*04$)28%.90#nDfnDN!(6$:*%4,o1~o1g&..,!%*' +
  '.N+>+8,#*%,6$&,%(#*#$L3.FpQepQ`OQ4;(O(L+OYO*#OG</8O+nzhnzu3J&PDQ$)5!<>*#7#O/9>$P!O[L.*2/*%#3>((0$CD*' +
  '!.F!%%!%#%%%,F#:-:O$$*)**&,#!OqOz,!,>*O$;O+AO^#+=O7$.QnQ_3&O,OCOJOMOVPO$O2O+$>1N9O!+K!PrJ@9%;Q#Pn1%?' +
  'OfO{#OIO#O1P/O1OFO0OQ,OLOYP.O`@ODDO)J&PaQ1R|T@P|O}DTdS2=;OxOuHO(O<O*Oz4P!QfPkPE,O6Oh;GO17A*@OaQ;O:9O' +
  '9!H=7$O%O|O99C1RbRP4OIO;O.21O/OmOA.P5PaJO@.DOfAJO!N*005O-B23=+8O+3L><q&!q&-604O7@,!O4!OG1J#O!O$V"VcO' +
  'E46%=+HO9;#3%3L3(KBOG63(O!(AP"$O$ON#O?O0B,M/@.QrPa)O0OMO+?%@nW+nWyO$EH$9O[%GOQ&A3!NOoOr*$:$@*%GH2&@.' +
  '*(2L)O3OH0OdO}@J-O+M2MN8>?D!@(!(O+2/3;4D0&2OSO@.*!L%5-#HOTOz&0&2)**%.**#2*20),%%0%#!O&#!4:(6F/+>#0B6' +
  'O&5;#O[A$7O9)#O;1CH!;2O529O"B0;):O9O_#JO()OU-FOiO^/.2FnHtnI4*FO!O$6%$-:*$B;:%*2%8#(!%%!Q|.&2(##*:48#' +
  '0.+*%!,O%O+p7yp8C)F9!-0D1O9$5O9)!2!*)0&%nj"ni}P%P$#P9,(#<O"OE++J6+7>CO1!;(O$8!7O/!?>O9=-(L)#%(3B6+Oc' +
  'Of?O5+4*,&$.$2&%*B56(LM:.%%@0O$$CF8-@)./2%+AO&:0&8)+<))02*,!!Od%(4#0O96)0*QlQeB;!N(8KB39O+>$(OyPE!!!' +
  'P!Oj9O"#,4..n$|n%*@-($4$,O$.#(OM#pNwpNbOA@.O$&O&8#6#(4$O$&1O32(-6$,,!0#*,2#/O51!OCO4JO"O#+P11G(O)O.P' +
  '1PF8*P//)0OyQ$O!&OWO?MP+O!M232N-,O5(O+?O%PK+!O(O=O-!B)=MO&=3O+O`/$C(2O?94KO$.B?N*#+8[([1*#,O<O7#%&T-' +
  '*%4##!.0$,>$&*8o{%ozr4$2$#,*()Or.,!F4%+OKO,#$#.8/O56)#F)4!&(##!J)&(nN_nNzOUOgO;6##6-%&.%6,,2(!,##/.F' +
  '((##qn6qn9,085*18*(!88&)@!>%#%BBn,Wn,PoI@oIE$O&)OKK)L,22+O3(!!%$Ob*#*<$%O9#O",2#(2+!,+8#>!(.+6-,!/2O' +
  'x!:0!<O9+#-1O+!%!2)2<7O<ObD8<)&%-N3<+0%%$*#$Oz%8(>##!4!%!%2+%,),(6D#*%!##!!!(!%D$8&!%.O+O1C<*!0!0884' +
  'E:2#!B$#C:PIP*$$O=$941/#43/OGI4$)>NMH3O+,.>#Pv*(O$$O0O"%O;+QMQV+O=OT)OQ&$0#J!,I$2O$N&O;Oo6O34*2D)/)#' +
  '82=N/O=G.#<O-!%PE(((.%!,%+80(>?%n,.n,j#!!(0#$%*%.*#!##!!4!p+up,/86D80#>+!!*!*&:-(O1.(q~,nfGp!/oC,ohc' +
  'oX-~~~~~~~~~~~$nKQn>?n<+RcnOZpsuo_pn>2]vp6=p@Bn.JnciRQO)(%O`O-Ol3@/OfP~O2O<O1OCOGORP;PWO.P|O&OfO5OOO' +
  'EQI4O&O)O=.O-P3O5O1OIweEwa:GO1PCQIX^8P$O+$wN[!wJ!HPIP&0#,OvLWKPlo5$o4THOWQKHOjOWOKw/lw04OIP-!NUnFOYP' +
  '7OAQ9OC*P?5P-ORO1O?1PhQ1QbUjPnOnOUQ;RCJO?OZO=C,Ov?#vYYvY(O?.D:OjHvPYvNePAQjQcOvOzQQvKxvH]vH[vGZP+P3O' +
  'jO@OM6P`#ShPjO-OGO#PnOGQAO%OALO9OE/4OnO9OaJQARrOMOt@#O5PQO?P`9PGO!!uypuw6OnRE:PduoOumeP"8::EO^GOU($*' +
  'O[OALP[PtTMO&#)6uZ~uWTot0oxtOMLLRKuLt!!uJkuJjuJ_U7LuCIuCDREu?Mu68HPMO#O`Q3SnPKu)1tsHPYO-P&OQP;PpQz,D' +
  'te|tdPtdO!tVRS`TbO=OxOONO5tFbtF6PQOKVQ(O/P`t8=t0ot0n!t(!Q)t$Gt#8DRE).>!7!O54/OS,+D63O%OOOtOV!PvC#5sw' +
  'YswR6=P;+OBsvbsu{O4O/O,PtO(P1O7O"O&OfH%U`sf[P1sbRDQC004##(T+<sWY!sSJsSIsPsR?QQ%Qn)O-O74O~VO-s;ds7{RO' +
  '~"u9<!!!!!!!!!{-9#S@-~~~~~$';
